using ReSTE.Native.Operations;

namespace ReSTE.Native.Tapes;

/// <summary>
/// Walks a tape backwards once and decides who writes and who adds: the first op to reach a gradient writes it, so nothing is ever zeroed.
/// </summary>
internal sealed class Sealing(Tape tape)
{
    private readonly HashSet<Variable> _reached = [];
    private readonly HashSet<Variable> _lent = [];

    /// <summary>Connects every op whose output's gradient exists; returns those ops in the order they run backwards.</summary>
    public List<Op> Connect(IReadOnlyList<Op> ops)
    {
        var backward = new List<Op>();
        for (int i = ops.Count - 1; i >= 0; i--)
        {
            if (ops[i].Output is { Gradient: null })
                continue;
            ops[i].Connect(this);
            backward.Add(ops[i]);
        }

        return backward;
    }

    /// <summary>
    /// The mode in which the op being connected must treat the gradient of an input; makes the gradient when it is the first.
    /// </summary>
    public GradMode Contribute(Variable input)
    {
        if (!input.NeedsGradient)
            return GradMode.None;
        input.Gradient ??= tape.NewTensor("d " + input.Value.Name, input.GradientShape);
        return _reached.Add(input) ? GradMode.Write : GradMode.Add;
    }

    /// <summary>
    /// For an op that can only write: a parameter that serves one layer. Throws where another op has reached the gradient already.
    /// </summary>
    public GradMode WriteOnly(Variable input) => Contribute(input) is var mode && mode != GradMode.Add
        ? mode
        : throw new InvalidOperationException($"{input.Value.Name} serves one layer only");

    /// <summary>
    /// For y = input + ...: gives the input the gradient tensor of y, which saves a copy, and returns None; where that is not
    /// possible, does as <see cref="Contribute"/>. One input of an op may share: the op itself is the last to read y's gradient, and
    /// ops that add to the input's run later.
    /// </summary>
    public GradMode Share(Variable input, Variable output)
    {
        if (!input.NeedsGradient || input.Gradient != null || !_lent.Add(output))
            return Contribute(input);
        _reached.Add(input);
        input.Gradient = input.GradientShape == output.GradientShape ? output.Gradient : output.Gradient!.View(input.GradientShape);
        return GradMode.None;
    }
}
