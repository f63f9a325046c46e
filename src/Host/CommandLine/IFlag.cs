namespace ReSTE.Native.Host;

/// <summary>Where a flag comes from: the published trainer, whose users know it, or this program.</summary>
internal enum FlagOrigin
{
    Published,
    Ours,
}

/// <summary>What help and the token reader need to know of a flag, whatever the type of its value.</summary>
internal interface IFlag
{
    string Name { get; }

    ICollection<string> Aliases { get; }

    string? Description { get; }

    FlagOrigin Origin { get; }

    /// <summary>The default as help shows it.</summary>
    string DefaultText { get; }

    /// <summary>Placeholder of the value in help; null for a switch, which takes none.</summary>
    string? ValueName { get; }

    bool IsSwitch => ValueName is null;
}
