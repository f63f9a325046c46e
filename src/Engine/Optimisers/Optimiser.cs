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

    /// <summary>Which of the recipe's numbers decide the update of a share: <see cref="ParameterShare.Binary"/> or the others.</summary>
    public virtual RecipeNumbers Reads(ParameterShare share) => RecipeNumbers.All;
}

/// <summary>The numbers that a recipe has for its optimiser.</summary>
[Flags]
internal enum RecipeNumbers
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>The learning rate, and so its schedule.</summary>
    LearningRate = 1,

    /// <summary>The momentum.</summary>
    Momentum = 2,

    /// <summary>The weight decay.</summary>
    WeightDecay = 4,

    /// <summary>All of them.</summary>
    All = LearningRate | Momentum | WeightDecay,
}
