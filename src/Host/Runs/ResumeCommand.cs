namespace ReSTE.Native.Host;

/// <summary>How to take an interrupted run up again: a command line ready to paste into a shell, or words where there is none.</summary>
internal static class ResumeCommand
{
    public const string Program = "reste";

    private const string Init = "--init";

    /// <param name="arguments">The command line as typed.</param>
    /// <param name="resumes">Whether it has --resume already.</param>
    /// <param name="program">The word that starts this program in a shell; null where no single word does.</param>
    public static string Advice(IReadOnlyList<string> arguments, bool resumes, string? program)
    {
        if (program is null)
            return resumes ? "resume with the same command" : "resume with the same command and --resume";
        var words = resumes ? arguments : [.. WithoutInit(arguments), "--resume"];
        return "resume with: " + string.Join(' ', words.Select(Quoted).Prepend(program));
    }

    /// <summary>A resumed run has weights of its own: it does not start from those of another file.</summary>
    private static IEnumerable<string> WithoutInit(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i].Split('=')[0];
            if (name.Length < 3 || !Init.StartsWith(name, StringComparison.Ordinal))
                yield return arguments[i];
            else if (name == arguments[i])
                i++;
        }
    }

    /// <summary>"reste" where that word starts this very process's file, null where it was started another way.</summary>
    public static string? ProgramOnPath()
    {
        if (Environment.ProcessPath is not { } process || Path.GetFileNameWithoutExtension(process) != Program)
            return null;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var first = folders.Select(folder => Path.Combine(folder, Path.GetFileName(process))).FirstOrDefault(File.Exists);
        return first is not null && Target(first) == Target(process) ? Program : null;
    }

    private static string Target(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);

    /// <summary>A word as a shell takes it.</summary>
    public static string Quoted(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_=./:,+@".Contains(letter, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
