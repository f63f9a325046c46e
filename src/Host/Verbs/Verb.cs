using System.CommandLine;

namespace ReSTE.Native.Host;

/// <summary>One thing the command does, with its flags.</summary>
internal abstract class Verb : Command
{
    protected Verb(string name, string description, IReadOnlyList<IFlag> flags) : base(name, description)
    {
        Flags = [.. flags, Help];
        Flags.AddTo(this);
    }

    private static Flag<bool> Help => Host.Flags.Switch(FlagOrigin.Published, "--help", "show this help");

    public IReadOnlyList<IFlag> Flags { get; }

    public abstract int Run(ParseResult parsed, HostContext context);
}
