using ReSTE.Native.Datasets;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Data.Cifar;

/// <summary>Opens files, turning every way that can fail into a <see cref="DatasetException"/> that names the file.</summary>
internal static class BatchFile
{
    /// <summary>Reads a batch that lies unpacked.</summary>
    public static CifarBatch Read(string path, int mostBytes, CifarForm form, CifarSet set) =>
        With(path, file => form.Parse(Bytes(file, path, mostBytes, set), path, set));

    /// <summary>Opens a file for <paramref name="read"/>.</summary>
    public static T With<T>(string path, Func<Stream, T> read)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return file.CanSeek ? read(file) : throw new IOException("it is no regular file");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DatasetException($"{OneLine.Of(path)}: missing; get the archive from {CifarSet.Source} again", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{OneLine.Of(path)}: cannot be read ({OneLine.Of(e.Message)}); check its permissions", e);
        }
    }

    private static byte[] Bytes(Stream file, string path, int mostBytes, CifarSet set)
    {
        if (file.Length > mostBytes)
            throw set.Damaged(path, $"{file.Length} bytes where a batch has at most {mostBytes}");
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
