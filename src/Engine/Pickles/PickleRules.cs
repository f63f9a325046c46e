namespace ReSTE.Native.Pickles;

/// <summary>What a kind of pickle may hold. Nothing a pickle names is ever called; what is not on the list is refused by name.</summary>
/// <param name="Expected">Ends the refusal of a name: "os.system, which {Expected}", such as "no batch uses".</param>
/// <param name="Names">Every function and class that may be named, as "module.name".</param>
internal sealed record PickleRules(string Expected, IReadOnlySet<string> Names)
{
    /// <summary>Values the machine makes before it refuses: far more than any file has, few enough for any machine's memory.</summary>
    public int MostValues { get; init; } = 1_000_000;

    /// <summary>Whether values may stand outside the pickle, as PyTorch's tensors have their numbers.</summary>
    public bool HasPersistentValues { get; init; }
}
