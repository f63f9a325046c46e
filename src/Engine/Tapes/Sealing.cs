using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Tapes;

/// <summary>
/// Walks a tape backwards once and decides who writes and who adds: the first op to reach a gradient writes it, so nothing is ever zeroed.
/// </summary>
internal sealed class Sealing(Tape tape)
{
    private readonly HashSet<Variable> _reached = [];
    private readonly HashSet<Variable> _lent = [];
    private readonly HashSet<Tensor> _lentMemory = [], _keptMemory = [], _changed = [];

    /// <summary>
    /// Lent gradients that somebody adds to: the op that lent its own finds another there once it has run. Of views the tensors that
    /// they are views of.
    /// </summary>
    public IReadOnlySet<Tensor> Changed => _changed;

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
        if (_reached.Add(input))
            return GradMode.Write;
        if (_lentMemory.Contains(input.Gradient.Root))
            _changed.Add(input.Gradient.Root);
        return GradMode.Add;
    }

    /// <summary>
    /// As <see cref="Contribute"/>, for an op that can write the sum of its own part and of a tensor: where the input has a lent gradient
    /// that is to be kept, it gets one of its own instead, and <paramref name="start"/> is the lent one; else null.
    /// </summary>
    public GradMode ContributeFrom(Variable input, out Tensor? start)
    {
        start = null;
        if (!input.NeedsGradient || input.Gradient is not { } lent || !_keptMemory.Contains(lent.Root) || _changed.Contains(lent.Root))
            return Contribute(input);
        start = lent;
        input.Gradient = tape.NewTensor("d " + input.Value.Name, input.GradientShape);
        return GradMode.Write;
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
    /// ops that add to the input's run later. They are asked to keep the gradient of y where the op wants it after them.
    /// </summary>
    public GradMode Share(Variable input, Variable output, bool keep = false)
    {
        if (!input.NeedsGradient || input.Gradient != null || !_lent.Add(output))
            return Contribute(input);
        _reached.Add(input);
        input.Gradient = input.GradientShape == output.GradientShape ? output.Gradient : output.Gradient!.View(input.GradientShape);
        _lentMemory.Add(output.Gradient!.Root);
        if (keep)
            _keptMemory.Add(output.Gradient.Root);
        return GradMode.None;
    }
}
