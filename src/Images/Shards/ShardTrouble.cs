using ReSTE.Native.Datasets;
using ReSTE.Native.Images.Folders;

namespace ReSTE.Native.Images.Shards;

/// <summary>What is wrong with a Parquet file that cannot be read.</summary>
internal static class ShardTrouble
{
    // What an IOException has that no system call led to.
    private static readonly int s_noSystemError = new IOException().HResult;

    /// <summary>
    /// Whatever the reader throws means that the file is not what it should be, but for what the system refuses, which has the system's own
    /// number, and for want of memory.
    /// </summary>
    public static T Explained<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception problem) when (problem is not DatasetException)
        {
            Exception cause = problem.GetBaseException();
            if (cause is DatasetException refusal)
                throw refusal;
            bool isSystems = cause is UnauthorizedAccessException or OutOfMemoryException
                || cause is IOException and not EndOfStreamException && cause.HResult != s_noSystemError;
            throw (isSystems ? FolderTrouble.Explain(path, cause) : null) ?? FolderTrouble.Of(DatasetFault.Damaged, path,
                $"it is no whole Parquet file ({cause.Message}): cut short or damaged; get it again", problem);
        }
    }
}
