using ReSTE.Native.Datasets;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Images.Folders;

/// <summary>What can be wrong with a folder or a file in it, as a <see cref="DatasetException"/> that names the path.</summary>
internal static class FolderTrouble
{
    public static DatasetException Of(DatasetFault kind, string path, string what, Exception? cause = null) =>
        new(kind, $"{OneLine.Of(path)}: {OneLine.Of(what)}", cause) { File = path };

    /// <summary>Finds or opens a folder or file; the system's refusals become ours.</summary>
    public static T Explained<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (Explain(path, e) is { } explained)
        {
            throw explained;
        }
        catch (ArgumentException problem)
        {
            throw Of(DatasetFault.Unreadable, path, "is no path", problem);
        }
    }

    /// <summary>The system's refusal in our words, want of memory among them; null for anything else.</summary>
    public static DatasetException? Explain(string path, Exception problem) => problem switch
    {
        FileNotFoundException or DirectoryNotFoundException => Of(DatasetFault.Missing, path, "missing", problem),
        UnauthorizedAccessException => Of(DatasetFault.Unreadable, path,
            $"cannot be read, permission denied{Where(path, problem)}; check the permissions of it and of the folders it lies in", problem),
        IOException => Of(DatasetFault.Unreadable, path, $"cannot be read: {problem.Message}", problem),
        OutOfMemoryException => Of(DatasetFault.Unreadable, path, "cannot be read: there is not enough memory for it", problem),
        _ => null,
    };

    /// <summary>The path that the system names, where it is a deeper one.</summary>
    private static string Where(string path, Exception problem) =>
        problem.Message.Split('\'') is [_, var named, ..] && named != path && named.StartsWith(path, StringComparison.Ordinal)
            ? $" ({named})"
            : "";
}
