using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>A command line understood: what to compute, how to run it, and what its user should be told first.</summary>
internal sealed record Settings(Recipe Recipe, RunOptions Options, IReadOnlyList<string> Notices)
{
    /// <summary>Whether the command line names --batch_size_test, as opposed to leaving it at its default.</summary>
    public bool NamesBatchSizeTest { get; init; }

    /// <summary>Whether it names --epochs: only then may a resumed run get another number of them.</summary>
    public bool NamesEpochs { get; init; }
}
