namespace ReSTE.Native.Checkpoints;

/// <summary>Names as wrappers of a network leave them: DataParallel and torch.compile put a word before every one.</summary>
internal static class StateNames
{
    private static readonly string[] s_wrappers = ["module.", "_orig_mod."];

    /// <summary>Takes away what every name begins with, as often as it stands there; returns it.</summary>
    public static string CutPrefix(ref OrderedDictionary<string, StateEntry> entries)
    {
        string prefix = "";
        while (entries.Count > 0 && Shared(entries.Keys, prefix) is { } wrapper)
            prefix += wrapper;
        if (prefix.Length == 0)
            return prefix;
        var cut = new OrderedDictionary<string, StateEntry>(entries.Count);
        foreach (var (name, entry) in entries)
            cut.Add(name[prefix.Length..], new(name[prefix.Length..], entry.Type, entry.Shape, entry.View));
        entries = cut;
        return prefix;
    }

    private static string? Shared(IEnumerable<string> names, string prefix) =>
        s_wrappers.FirstOrDefault(wrapper => names.All(name => name.AsSpan(prefix.Length).StartsWith(wrapper, StringComparison.Ordinal)));
}
