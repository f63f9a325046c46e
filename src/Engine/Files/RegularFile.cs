namespace ReSTE.Native.Files;

/// <summary>
/// Opens files that have an end. A named pipe makes its reader wait until somebody writes, for ever if nobody does, and a device may do so
/// or never end; both are known without being opened, for they have no size. An empty file has none either: there is nothing in it to read.
/// </summary>
internal static class RegularFile
{
    /// <summary>What is wrong with a file without a size.</summary>
    public const string Sizeless = "it has 0 bytes: it is empty, or no regular file but a pipe or a device";

    /// <summary>Opens a file for reading; unbuffered, for whoever reads it reads it whole.</summary>
    /// <exception cref="IOException">It is a folder or has no size, or as <see cref="FileStream"/> has it.</exception>
    public static FileStream OpenRead(string path, FileShare share = FileShare.Read)
    {
        if (Directory.Exists(path))
            throw new IOException("it is a folder");
        // A link has a size of its own: what counts is where it leads.
        FileSystemInfo file = File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path);
        if (file is FileInfo { Exists: true, Length: 0 } || IsUnnamed(file.Name))
            throw new IOException(Sizeless);
        return new FileStream(path, FileMode.Open, FileAccess.Read, share, bufferSize: 0);
    }

    /// <summary>Whether this is how Linux calls a pipe or socket without a name, such as a shell's process substitution.</summary>
    private static bool IsUnnamed(string name) =>
        name.StartsWith("pipe:[", StringComparison.Ordinal) || name.StartsWith("socket:[", StringComparison.Ordinal);
}
