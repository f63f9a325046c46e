using ReSTE.Native.Messages;
using ReSTE.Native.Training;

namespace ReSTE.Native.Data.Cifar;

/// <summary>Reads a whole file, turning every way it can fail into a <see cref="DatasetException"/> that names it.</summary>
internal static class BatchFile
{
    public static byte[] ReadAll(string path)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            return bytes.Length > 0 ? bytes : throw Damaged(path, "the file is empty");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DatasetException($"{OneLine.Of(path)}: missing; unpack the archive from {Cifar10.Source} again", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{OneLine.Of(path)}: cannot be read ({OneLine.Of(e.Message)}); check its permissions", e);
        }
    }

    /// <summary>The error of a file whose content is not what it should be.</summary>
    public static DatasetException Damaged(string path, string what) =>
        new($"{OneLine.Of(path)}: {what}; the file is damaged or no CIFAR-10 batch: unpack the archive from {Cifar10.Source} again");
}
