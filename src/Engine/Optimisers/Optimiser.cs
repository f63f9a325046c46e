using ReSTE.Native.Tapes;

namespace ReSTE.Native.Optimisers;

/// <summary>
/// How parameters follow their gradients: what it keeps for each parameter between steps, by name, the op that updates, and the
/// numbers it reads. Its states are saved and resumed under their names, zero before the first step.
/// </summary>
internal abstract class Optimiser
{
    /// <summary>Names of the states it keeps for each parameter; they are part of the checkpoint format.</summary>
    public abstract IReadOnlyList<string> States { get; }

    /// <summary>Records the update of all parameters, after the backward pass.</summary>
    public abstract void Record(Tape tape);

    /// <summary>Sets the numbers of an epoch.</summary>
    public abstract void SetEpoch(Knobs knobs, EpochRates rates);
}
