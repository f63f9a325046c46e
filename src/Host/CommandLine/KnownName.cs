using ReSTE.Native.Messages;

namespace ReSTE.Native.Host;

/// <summary>Names that must be among those that exist.</summary>
internal static class KnownName
{
    public static string Check(string what, string name, IReadOnlyList<string> known) => known.Contains(name)
        ? name
        : throw HostException.Misuse($"unknown {what} '{name}'", NearestName.Hint(name, known));
}
