using ReSTE.Native.Messages;

namespace ReSTE.Native.Host;

/// <summary>Names that must be among those that exist.</summary>
internal static class KnownName
{
    public static string Check(string what, string name, IReadOnlyList<string> known) => known.Contains(name)
        ? name
        : throw HostException.Misuse($"unknown {what} '{name}'", NearestName.Hint(name, known));

    /// <summary>The known spelling of a name given in any case.</summary>
    public static string InAnyCase(string what, string name, IReadOnlyList<string> known) =>
        Check(what, known.FirstOrDefault(k => k.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name, known);
}
