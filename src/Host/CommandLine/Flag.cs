using System.CommandLine;
using System.CommandLine.Parsing;

namespace ReSTE.Native.Host;

/// <summary>A flag with its default and origin. The last of several uses counts, and every use must be valid.</summary>
internal sealed class Flag<T> : Option<T>, IFlag
{
    public Flag(string name, FlagOrigin origin, string? valueName, T fallback, string defaultText, string description,
        Func<IReadOnlyList<string>, T> read, params string[] aliases)
        : base(name, aliases)
    {
        Origin = origin;
        ValueName = valueName;
        DefaultText = defaultText;
        Description = description;
        Arity = valueName is null ? ArgumentArity.Zero : ArgumentArity.OneOrMore;
        DefaultValueFactory = _ => fallback;
        if (valueName is not null)
            CustomParser = result => Read(result, read);
    }

    public FlagOrigin Origin { get; }

    public string DefaultText { get; }

    public string? ValueName { get; }

    public T In(ParseResult result) => result.GetValue(this)!;

    /// <summary>Whether the command line names this flag, as opposed to leaving it at its default.</summary>
    public bool IsGiven(ParseResult result) => result.GetResult(this) is { Implicit: false };

    private T Read(ArgumentResult result, Func<IReadOnlyList<string>, T> read)
    {
        try
        {
            return read([.. result.Tokens.Select(token => token.Value)]);
        }
        catch (FormatException problem)
        {
            throw HostException.Misuse($"{Name}: {problem.Message}");
        }
    }
}
