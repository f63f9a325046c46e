using ReSTE.Native.Files;

namespace ReSTE.Native.Checkpoints;

/// <summary>Opens checkpoints of any form, turning every way that can fail into a <see cref="CheckpointException"/>.</summary>
internal static class CheckpointStream
{
    /// <summary>Opens a file for <paramref name="read"/>.</summary>
    public static T With<T>(string path, Func<FileStream, T> read)
    {
        try
        {
            using FileStream stream = RegularFile.OpenRead(path);
            return read(stream);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CheckpointException(CheckpointFault.Missing, path, "no such file", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new CheckpointException(CheckpointFault.Unreadable, path, $"cannot be read: {error.Message}", error);
        }
    }

    /// <summary>How many bytes a file has that is to be read whole.</summary>
    public static long Length(string path, FileStream stream) => stream.Length <= Array.MaxLength
        ? stream.Length
        : throw new CheckpointException(CheckpointFault.Unreadable, path,
            $"has {stream.Length} bytes; files above {Array.MaxLength} bytes are not supported");
}
