using ReSTE.Native.Files;

namespace ReSTE.Native.Host;

/// <summary>The checkpoint a user means: a file, or the best one of a run folder, ours or the published trainer's.</summary>
internal static class CheckpointPath
{
    private const int Named = 8;

    /// <param name="path">What was given.</param>
    /// <param name="notices">Receives a line where it is a folder.</param>
    /// <param name="doing">What is done with it, to put before its name.</param>
    public static string Of(string path, ICollection<string> notices, string doing = "evaluating")
    {
        if (!Directory.Exists(path))
        {
            RequireReadable(path, $"there is no checkpoint '{path}'");
            return path;
        }
        var best = BestIn(path);
        RequireReadable(best, $"the folder '{path}' holds no {RunFolder.BestName}", () => $"it holds {Content(path)}");
        notices.Add($"'{path}' is a folder: {doing} {best}");
        return best;
    }

    /// <summary>Our best one, or else the published trainer's, or else its last one; ours where there is none of them.</summary>
    private static string BestIn(string folder)
    {
        string[] names = [RunFolder.BestName, RunFolder.PublishedBestName, RunFolder.PublishedName];
        return Path.Combine(folder, names.FirstOrDefault(name => Path.Exists(Path.Combine(folder, name)), RunFolder.BestName));
    }

    /// <summary>Refuses a file that is missing, may not be read or is none, and says which.</summary>
    public static void RequireReadable(string path, string missing, Func<string>? hint = null)
    {
        try
        {
            using var file = RegularFile.OpenRead(path, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException or ArgumentException)
        {
            throw new HostException(ExitCode.Checkpoint, missing, hint?.Invoke(), problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new HostException(ExitCode.Checkpoint, $"cannot read the checkpoint '{path}': {problem.Message}", null, problem);
        }
    }

    private static string Content(string folder)
    {
        string[] names;
        try
        {
            names = [.. Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)!)];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return "what may not be listed: permission denied";
        }
        Array.Sort(names, StringComparer.Ordinal);
        var more = names.Length > Named ? $" and {Numbers.Text(names.Length - Named)} more" : "";
        return names.Length == 0 ? "nothing" : string.Join(", ", names.Take(Named)) + more;
    }
}
