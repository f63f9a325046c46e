using ReSTE.Native.Tapes;

namespace ReSTE.Native.Optimisers;

/// <summary>
/// An optimiser for the latent weights of binary layers alone, which an estimator brings; every other parameter follows the recipe's.
/// </summary>
/// <param name="others">The recipe's optimiser.</param>
internal abstract class BinaryOptimiser(Optimiser others) : Optimiser
{
    public sealed override void Record(Tape tape, ParameterShare share)
    {
        if (share != ParameterShare.Others)
            RecordBinary(tape);
        if (share != ParameterShare.Binary)
            others.Record(tape, ParameterShare.Others);
    }

    public override void SetEpoch(Knobs knobs, EpochRates rates) => others.SetEpoch(knobs, rates);

    public sealed override RecipeNumbers Reads(ParameterShare share) => share == ParameterShare.Binary ? BinaryReads : others.Reads(share);

    /// <summary>Which of the recipe's numbers decide the update of <see cref="ParameterShare.Binary"/>.</summary>
    protected virtual RecipeNumbers BinaryReads => RecipeNumbers.All;

    /// <summary>Records the update of <see cref="ParameterShare.Binary"/>.</summary>
    protected abstract void RecordBinary(Tape tape);
}
