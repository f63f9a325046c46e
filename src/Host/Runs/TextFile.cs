using System.Text;
using ReSTE.Native.Checkpoints;

namespace ReSTE.Native.Host;

/// <summary>Text files that are either the old or the new one, whatever happens in between.</summary>
internal static class TextFile
{
    public static void Replace(string path, string text) => AtomicFile.Write(path, file => file.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Throws what <see cref="Replace"/> would throw, and writes nothing.</summary>
    public static void RequireWritable(string path)
    {
        if (Directory.Exists(path))
            throw new IOException("it is a folder");
        using var probe = new FileStream($"{Path.GetFullPath(path)}.{Guid.NewGuid():N}.tmp", FileMode.CreateNew, FileAccess.Write, FileShare.None, 1,
            FileOptions.DeleteOnClose);
    }

    /// <summary>Why a file cannot be written, without the temporary name nobody gave.</summary>
    public static string Reason(string path, Exception problem) => problem switch
    {
        DirectoryNotFoundException => $"there is no folder '{Path.GetDirectoryName(Path.GetFullPath(path))}'",
        UnauthorizedAccessException => "permission denied",
        _ => problem.Message,
    };
}
