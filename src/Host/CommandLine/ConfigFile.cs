using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using System.Text.RegularExpressions;
using ReSTE.Native.Files;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Host;

/// <summary>
/// --config: flags of a run out of a file, a line each, as "name: value" or "name = value", with the flags' long names or their aliases, in
/// any order; empty values and lines with # in front say nothing. A run's argument.txt is one. What the command line gives wins.
/// </summary>
internal sealed partial class ConfigFile
{
    public const string Flag = "--config";

    // What argument.txt says beside settings.
    private static readonly string[] s_remarks = ["device_name", "processor", "runtime", "system", "version", "config"];

    // Of flags on the command line, those in a file that would contradict them.
    private static readonly Dictionary<string, string[]> s_contradicted = new()
    {
        ["--device"] = ["--gpus"],
        ["--gpus"] = ["--device"],
        ["--resume"] = ["--init"],
        ["--init"] = ["--resume"],
        ["--estimator"] = [SweepFlags.Arguments],
        ["--dataset"] = ["--data_path"],
    };

    // More is no list of settings.
    private const int MostBytes = 1 << 20;

    private readonly string _path;
    private readonly IReadOnlyList<IFlag> _flags, _known;

    private ConfigFile(string path, IReadOnlyList<IFlag> flags)
    {
        (_path, _flags) = (path, flags);
        _known = [.. new TrainingFlags().All, .. flags.Where(flag => flag.Name != Verb.HelpName)];
    }

    /// <summary>
    /// The tokens of a command line with those of the file that it names in front, then the file, then its own, so that the last of a
    /// repeated flag is its own.
    /// </summary>
    /// <param name="tokens">As <see cref="TokenReader"/> leaves them.</param>
    /// <param name="flags">Of the verb.</param>
    /// <param name="check">Throws where a token is no valid use of its flag.</param>
    public static string[] Merge(string[] tokens, IReadOnlyList<IFlag> flags, Action<string> check)
    {
        string[] own = [.. tokens.TakeWhile(token => token != "--")];
        var config = own.LastOrDefault(token => NameOf(token) == Flag);
        if (config is null || !config.Contains('=', StringComparison.Ordinal))
            return tokens;
        string[] file = [.. new ConfigFile(config[(Flag.Length + 1)..], flags).Tokens(check)];
        var beaten = own.Select(NameOf).Where(name => name != SweepFlags.Arguments)
            .Concat(own.Except(file).SelectMany(token => s_contradicted.GetValueOrDefault(NameOf(token)) ?? [])).ToHashSet();
        return [.. file.Where(token => !beaten.Contains(NameOf(token))), config, .. tokens.Where(token => NameOf(token) != Flag)];
    }

    /// <summary>The flags that a command line names itself, as opposed to the file; those of all where there is none.</summary>
    public static IEnumerable<string> OwnFlags(ParseResult parsed)
    {
        string[] named = [.. parsed.Tokens.Where(token => token.Type == TokenType.Option).Select(token => token.Value)];
        return named.Skip(Array.IndexOf(named, Flag) + 1);
    }

    /// <summary>What is given, by the file and by the command line, in one line.</summary>
    public static string Notice(ParseResult parsed, string path)
    {
        var words = parsed.Tokens.SkipWhile(token => token.Type == TokenType.Argument).Select(token => token.Value).ToList();
        words.RemoveRange(words.IndexOf(Flag), 2);
        return $"settings, with those of {path}: {string.Join(' ', words.Select(ResumeCommand.Quoted))}";
    }

    private static string NameOf(string token) => token.Split('=', 2)[0];

    private IEnumerable<string> Tokens(Action<string> check)
    {
        var seen = new Dictionary<string, int>();
        var lines = Read();
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#' || (i == 0 && Date().IsMatch(line)))
                continue;
            foreach (var token in Setting(line, i + 1, seen))
            {
                Checked(token, i + 1, check);
                yield return token;
            }
        }
    }

    private IEnumerable<string> Setting(string line, int number, Dictionary<string, int> seen)
    {
        if (Line().Match(line) is not { Success: true } match)
            throw Misuse(number, $"'{Shortened(line)}' is no setting", "one is written as name: value");
        var (name, value) = (match.Groups["name"].Value, match.Groups["value"].Value);
        if (s_remarks.Contains(name))
            return [];
        var known = Known(name, number);
        if (!seen.TryAdd(known, number))
            throw Misuse(number, $"'{name}' is set again", $"line {Numbers.Text(seen[known])} sets it first");
        // Another verb's, which the file may be for as well.
        if (value.Length == 0 || Find(_flags, name) is not { } flag)
            return [];
        if (flag.IsSwitch)
            return IsOn(value, name, number) ? [flag.Name] : [];
        return flag.Name == SweepFlags.Arguments
            ? value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(pair => $"{flag.Name}={pair}")
            : [$"{flag.Name}={value}"];
    }

    /// <summary>The flag's own name; refuses one that no flag of a training has.</summary>
    private string Known(string name, int number) => Find(_known, name)?.Name ?? throw Misuse(number, $"unknown setting '{name}'",
        NearestName.Find(name, _known.Select(flag => flag.Name[2..])) is { } near
            ? $"did you mean '{near}'?"
            : "reste train --help lists every flag, and a setting is one without its dashes");

    private static IFlag? Find(IReadOnlyList<IFlag> flags, string name)
    {
        var word = name.TrimStart('-').Replace('-', '_');
        return flags.FirstOrDefault(flag => flag.Aliases.Append(flag.Name).Any(known => known.TrimStart('-') == word));
    }

    private bool IsOn(string value, string name, int number) => value.ToUpperInvariant() switch
    {
        "TRUE" or "ON" or "YES" => true,
        "FALSE" or "OFF" or "NO" => false,
        _ => throw Misuse(number, $"{name}: '{Shortened(value)}' is neither True nor False"),
    };

    private void Checked(string token, int number, Action<string> check)
    {
        try
        {
            check(token);
        }
        catch (HostException problem)
        {
            throw Misuse(number, problem.Message, problem.Hint);
        }
    }

    private string[] Read()
    {
        try
        {
            using var file = RegularFile.OpenRead(_path, FileShare.ReadWrite);
            if (file.Length > MostBytes)
                throw HostException.Misuse($"{Flag}: {_path} has {ByteSize.Text(file.Length)}", "a file of settings has a line for each");
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF').Split('\n');
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            var why = problem switch
            {
                FileNotFoundException or DirectoryNotFoundException => "there is no such file",
                ArgumentException => "it is not text",
                _ => problem.Message,
            };
            throw HostException.Misuse($"{Flag}: cannot read {_path}: {why}");
        }
    }

    private HostException Misuse(int line, string message, string? hint = null) =>
        HostException.Misuse($"{_path}, line {Numbers.Text(line)}: {message}", hint);

    private static string Shortened(string text) => text.Length <= 60 ? text : text[..60] + "...";

    [GeneratedRegex(@"^(?<name>-{0,2}[A-Za-z][A-Za-z0-9_-]*)\s*[:=]\s*(?<value>.*)$")]
    private static partial Regex Line();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")]
    private static partial Regex Date();
}
