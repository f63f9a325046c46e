using System.CommandLine;

namespace ReSTE.Native.Host;

/// <summary>One thing the command does, with its flags.</summary>
internal abstract class Verb : Command
{
    public const string HelpName = "--help";

    protected Verb(string name, string description, IReadOnlyList<IFlag> flags) : base(name, description)
    {
        Flags = [.. flags, Help];
        Flags.AddTo(this);
    }

    private static Flag<bool> Help => Host.Flags.Switch(FlagOrigin.Published, HelpName, "show this help", "-h", "-?");

    public IReadOnlyList<IFlag> Flags { get; }

    /// <summary>Those that decide something; the rest is accepted so that the command line of a training can be reused.</summary>
    public virtual IReadOnlyList<IFlag> UsedFlags => Flags;

    /// <summary>Whether what it has to say is in files too, so that it goes on without stdout.</summary>
    public virtual bool LeavesFiles(ParseResult parsed) => false;

    public abstract int Run(ParseResult parsed, HostContext context);
}
