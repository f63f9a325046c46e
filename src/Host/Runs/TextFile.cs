using System.Text;
using System.Text.RegularExpressions;
using ReSTE.Native.Checkpoints;

namespace ReSTE.Native.Host;

/// <summary>Text files that are either the old or the new one, whatever happens in between.</summary>
internal static partial class TextFile
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

    /// <summary>Whether there was no room: on the disk (ENOSPC), for a user (EDQUOT), or in a file (EFBIG, ulimit -f).</summary>
    public static bool HasNoRoom(Exception problem) => problem is ArgumentOutOfRangeException
        || (problem is IOException && problem.HResult is unchecked((int)0x80070070) or 28 or 122 or 27);

    /// <summary>Why a file cannot be written, without the temporary name nobody gave.</summary>
    public static string Reason(string path, Exception problem) => problem switch
    {
        DirectoryNotFoundException => $"there is no folder '{Path.GetDirectoryName(Path.GetFullPath(path))}'",
        UnauthorizedAccessException => Directory.Exists(path) ? "it is a folder" : "permission denied",
        ArgumentOutOfRangeException => "the system allows no file of that size",
        _ => Unnamed().Replace(problem.Message, ""),
    };

    [GeneratedRegex(@"( :)? '[^']*\.[0-9a-f]{32}\.tmp'")]
    private static partial Regex Unnamed();
}
