namespace ReSTE.Native.Host;

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
