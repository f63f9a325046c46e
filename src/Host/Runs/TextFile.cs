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
        using var probe = new FileStream($"{Path.GetFullPath(path)}.{Guid.NewGuid():N}.tmp", FileMode.CreateNew, FileAccess.Write,
            FileShare.None, 1, FileOptions.DeleteOnClose);
    }

    /// <summary>Whether writing a file failed. A limit on the size of files (ulimit -f) comes as an argument out of range.</summary>
    public static bool IsUnwritable(Exception problem) =>
        problem is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;

    /// <summary>Why a file cannot be written.</summary>
    public static string Reason(Exception problem) =>
        problem is ArgumentOutOfRangeException ? "the system allows no file of that size" : problem.Message;

    /// <summary>The same without the temporary name nobody gave.</summary>
    public static string Reason(string path, Exception problem) => problem switch
    {
        DirectoryNotFoundException => $"there is no folder '{Path.GetDirectoryName(Path.GetFullPath(path))}'",
        UnauthorizedAccessException => "permission denied",
        _ => Reason(problem),
    };
}
