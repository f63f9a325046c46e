using ReSTE.Native.Tapes;

namespace ReSTE.Native.Optimisers;

/// <summary>
/// How parameters follow their gradients: what it keeps between steps, the op that updates, and the numbers it reads.
/// </summary>
internal abstract class Optimiser
{
    /// <summary>
    /// Records the update of a share of the parameters, after the backward pass. What it keeps between steps it asks the tape's
    /// <see cref="ParameterSet.States"/> for: numbers a parameter, such as momenta, and numbers of the run, such as its steps so far. Both
    /// are zero before the first step, and saved and resumed under their names, which are part of the checkpoint format.
    /// </summary>
    public abstract void Record(Tape tape, ParameterShare share);

    /// <summary>Sets the numbers of an epoch.</summary>
    public abstract void SetEpoch(Knobs knobs, EpochRates rates);
}
