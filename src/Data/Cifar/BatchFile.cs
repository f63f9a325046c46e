using ReSTE.Native.Datasets;
using ReSTE.Native.Files;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Data.Cifar;

/// <summary>
/// Looks at paths and opens files, turning every way that can fail into a <see cref="DatasetException"/> that names the path.
/// </summary>
internal static class BatchFile
{
    /// <summary>Reads a batch that lies unpacked.</summary>
    public static CifarBatch Read(string path, int mostBytes, CifarForm form, CifarSet set) =>
        With(path, file => form.Parse(Bytes(file, path, mostBytes, set), path, set));

    /// <summary>Opens a file for <paramref name="read"/>.</summary>
    public static T With<T>(string path, Func<Stream, T> read) => Explained(path, () =>
    {
        using var file = RegularFile.OpenRead(path);
        return read(file);
    });

    /// <summary>Whether a path leads to a folder (true), to anything else (false) or nowhere (null).</summary>
    /// <exception cref="DatasetException">The system does not let us know: what may not be looked at is not taken for missing.</exception>
    public static bool? IsFolder(string path)
    {
        try
        {
            return Explained<bool?>(path, () => Directory.Exists(path) || File.GetAttributes(path).HasFlag(FileAttributes.Directory));
        }
        catch (DatasetException e) when (e.Kind == DatasetFault.Missing)
        {
            return null;
        }
    }

    private static T Explained<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Refuse(DatasetFault.Missing, $"{OneLine.Of(path)}: missing; get the archive from {CifarSet.Source} again", e);
        }
        catch (ArgumentException e)
        {
            throw Refuse(DatasetFault.Unreadable, $"'{OneLine.Of(path)}' is no path", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw Refuse(DatasetFault.Unreadable,
                $"{OneLine.Of(path)}: cannot be read, permission denied; check the permissions of it and of the folders it lies in", e);
        }
        catch (IOException e)
        {
            throw Refuse(DatasetFault.Unreadable, $"{OneLine.Of(path)}: cannot be read: {OneLine.Of(e.Message)}", e);
        }

        DatasetException Refuse(DatasetFault kind, string message, Exception cause) => new(kind, message, cause) { File = path };
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
