namespace ReSTE.Native.Checkpoints;

/// <summary>Replaces a file as a whole: whoever opens it, even after a crash, finds the old content or the new one, never a part.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes a temporary file in the same folder, flushes it to the disk and renames it over <paramref name="path"/>. If anything throws,
    /// the temporary file is removed, the old file stays as it was, and the exception passes on.
    /// </summary>
    /// <param name="path">The file to create or replace; its folder exists.</param>
    /// <param name="write">Writes the content and leaves the stream open.</param>
    /// <exception cref="IOException">The folder is missing, the disk is full, or the file cannot be replaced.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file may not be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        // A name of its own for each write: two programs saving into one folder must not mix their bytes.
        string temporary = $"{Path.GetFullPath(path)}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                write(stream);
                // The bytes before the name: a rename that reaches the disk first would leave an empty file after a power cut.
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The failure that led here says more than a left-over file.
        }
    }
}
