using System.Globalization;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Host;

/// <summary>
/// Reads tokens the way argparse does before they are parsed: a unique prefix stands for its flag, a switch takes no value, a value never
/// looks like a flag unless it is a negative number, and every misuse names the flag.
/// </summary>
internal sealed class TokenReader(IReadOnlyList<IFlag> flags)
{
    /// <summary>The same tokens with every flag by its full name.</summary>
    public string[] Read(IReadOnlyList<string> tokens)
    {
        var read = new List<string>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i] == "--")
                return [.. read, .. tokens.Skip(i)];
            if (!LooksLikeFlag(tokens[i]))
            {
                read.Add(tokens[i]);
                continue;
            }
            var (flag, attached) = Resolve(tokens[i]);
            if (flag.IsSwitch)
                read.Add(flag.Name);
            else
                AddValue(read, flag, attached ?? (i + 1 < tokens.Count && !LooksLikeFlag(tokens[i + 1]) ? tokens[++i] : null));
        }
        return [.. read];
    }

    /// <summary>Where the tokens ask for help, those that are neither flags nor values of flags; null where they do not ask.</summary>
    public IReadOnlyList<string>? WordsBesideHelp(IEnumerable<string> tokens)
    {
        var (words, asks, waits) = (new List<string>(), false, false);
        foreach (var token in tokens.TakeWhile(token => token != "--"))
        {
            if (LooksLikeFlag(token))
            {
                var flag = Meant(token);
                asks |= flag is { Name: Verb.HelpName };
                waits = flag is { IsSwitch: false };
                continue;
            }
            if (!waits)
                words.Add(token);
            waits = false;
        }
        return asks ? words : null;
    }

    /// <summary>Joined, so that no value can be taken for a flag; an empty one has to stand alone to be seen.</summary>
    private static void AddValue(List<string> read, IFlag flag, string? value)
    {
        if (value is null)
            throw HostException.Misuse($"{flag.Name} needs a value", Usage(flag));
        if (value.Length > 0)
            read.Add($"{flag.Name}={value}");
        else
            read.AddRange([flag.Name, value]);
    }

    private static bool LooksLikeFlag(string token) =>
        token.Length > 1 && token[0] == '-' && !double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static string Usage(IFlag flag) => $"{flag.Name} {flag.ValueName}: {flag.Description}";

    /// <summary>The flag a token means, and the value that hangs on it: --lr=.1, -b=64 or -b64.</summary>
    private (IFlag Flag, string? Attached) Resolve(string token)
    {
        var cut = token.IndexOf('=', StringComparison.Ordinal);
        var (name, value) = cut < 0 ? (token, null) : (token[..cut], token[(cut + 1)..]);
        var flag = token.StartsWith("--", StringComparison.Ordinal) ? Long(name) : Exact(name);
        if (flag is null && Exact("-" + name) is { } twoDashes && !token.StartsWith("--", StringComparison.Ordinal))
            throw HostException.Misuse($"unknown flag '{name}'", $"did you mean '{twoDashes.Name}'?");
        if (flag is null && !token.StartsWith("--", StringComparison.Ordinal) && Exact(token[..2]) is { IsSwitch: false } letter)
            (flag, value) = (letter, token[2..]);
        if (flag is null)
            throw HostException.Misuse($"unknown flag '{name}'", UnknownHint(name));
        if (flag.IsSwitch && value is not null)
            throw HostException.Misuse($"{flag.Name} takes no value, got '{value}'",
                $"give {flag.Name} to switch it on, leave it out otherwise");
        return (flag, value);
    }

    private IFlag? Exact(string name) => flags.FirstOrDefault(flag => flag.Name == name || flag.Aliases.Contains(name));

    /// <summary>The flag that a whole token names, by its full name or a unique prefix.</summary>
    private IFlag? Meant(string token) => Exact(token) ?? (Prefixed(token) is [var only] ? only : null);

    private IFlag[] Prefixed(string name) => name.StartsWith("--", StringComparison.Ordinal)
        ? [.. flags.Where(flag => flag.Name.StartsWith(name, StringComparison.Ordinal))]
        : [];

    private IFlag? Long(string name)
    {
        if (Exact(name) is { } exact)
            return exact;
        var matches = Prefixed(name);
        if (matches.Length > 1)
            throw HostException.Misuse($"'{name}' is ambiguous", $"it could be {string.Join(", ", matches.Select(flag => flag.Name))}");
        return matches.Length == 1 ? matches[0] : null;
    }

    private string UnknownHint(string name) =>
        NearestName.Find(name, flags.SelectMany(flag => flag.Aliases.Append(flag.Name)).Where(known => known.Length > 2)) is { } near
            ? $"did you mean '{near}'?"
            : "reste --help lists every flag";
}
