using ReSTE.Native.Tensors;

namespace ReSTE.Native.Tapes;

/// <summary>Who touches what on a tape, and when: what an op may ask that wants to take over another's work.</summary>
internal sealed class RunOrder
{
    private readonly Dictionary<Tensor, List<TapeStep>> _touches = [];
    private readonly Dictionary<Variable, Op> _makers = [];
    private readonly HashSet<Tensor> _kept;
    private readonly IReadOnlySet<Tensor> _changed;
    private readonly List<Op> _forward = [], _backward = [];
    private readonly List<TapeStep> _steps;
    private readonly Dictionary<Op, Op> _inserted = [];

    /// <summary>Of the ops of a tape that has been connected.</summary>
    /// <param name="steps">In their order.</param>
    /// <param name="kept">What is read from outside.</param>
    /// <param name="changed">As <see cref="Sealing.Changed"/>.</param>
    public RunOrder(IEnumerable<TapeStep> steps, IEnumerable<Tensor> kept, IReadOnlySet<Tensor> changed)
    {
        _changed = changed;
        _kept = [.. kept.Select(t => t.Root)];
        _steps = [.. steps];
        foreach (TapeStep step in _steps)
        {
            (step.IsBackward ? _backward : _forward).Add(step.Op);
            if (step.Op.Output != null)
                _makers[step.Op.Output] = step.Op;
            foreach (Tensor? tensor in step.Touches)
            {
                if (tensor == null)
                    continue;
                if (!_touches.TryGetValue(tensor.Root, out List<TapeStep>? touches))
                    _touches.Add(tensor.Root, touches = []);
                touches.Add(step);
            }
        }
    }

    /// <summary>The ops of the backward pass, with those that were inserted.</summary>
    public IEnumerable<Op> Backward =>
        _backward.SelectMany(op => _inserted.TryGetValue(op, out Op? next) ? new[] { op, next } : [op]);

    /// <summary>The op that makes a value; null for a parameter or an input.</summary>
    public Op? MakerOf(Variable value) => _makers.GetValueOrDefault(value);

    /// <summary>The last op of a kind to run forward; null where there is none.</summary>
    public T? Of<T>() where T : Op => _forward.OfType<T>().LastOrDefault();

    /// <summary>Whether, of all that runs after another op has run forward, one op alone reads or writes a tensor.</summary>
    public bool IsLeftTo(Op op, Tensor tensor, Op after)
    {
        int start = _steps.FindIndex(step => step.Op == after);
        return _touches[tensor.Root].All(step => step.Op == op || _steps.IndexOf(step) <= start);
    }

    /// <summary>Whether two ops are all that ever read or write a tensor.</summary>
    public bool IsBetween(Tensor tensor, Op first, Op second) =>
        !_kept.Contains(tensor.Root) && _touches[tensor.Root].All(t => t.Op == first || t.Op == second);

    /// <summary>The one op beside its maker that ever reads or writes a tensor; null where there are more, or none.</summary>
    public Op? OnlyReaderOf(Tensor tensor, Op maker) =>
        _touches[tensor.Root].Select(t => t.Op).FirstOrDefault(op => op != maker) is { } reader && IsBetween(tensor, maker, reader)
            ? reader : null;

    /// <summary>Whether an op is the first to touch some tensors in the forward pass after another, as linked so far.</summary>
    public bool IsFirstAfter(Op maker, Op reader, params ReadOnlySpan<Tensor> tensors)
    {
        Tensor[] roots = [.. tensors.ToArray().Select(t => t.Root)];
        return _forward.SkipWhile(op => op != maker).Skip(1)
            .FirstOrDefault(op => op.ForwardTouches.Any(t => t != null && roots.Contains(t.Root))) == reader;
    }

    /// <summary>The op that runs right after another in the forward pass; null for the last.</summary>
    public Op? NextForward(Op op) => Next(_forward, op);

    /// <summary>What runs right before an op's forward pass, or an update; null for the first.</summary>
    public TapeStep? StepBefore(Op op) => _steps.IndexOf(new TapeStep(op)) is > 0 and var i ? _steps[i - 1] : null;

    /// <summary>The op that runs right after another in the backward pass; null for the last, and for one that is not in it.</summary>
    public Op? NextBackward(Op op) => Next(_backward, op);

    /// <summary>The op that touches a tensor next in the backward pass, after another; null where none does.</summary>
    public Op? NextBackward(Op op, Tensor tensor)
    {
        int start = _steps.IndexOf(new TapeStep(op, IsBackward: true));
        return _touches[tensor.Root].Where(step => _steps.IndexOf(step) > start).Select(step => step.Op).FirstOrDefault();
    }

    /// <summary>The ops that run before another in the backward pass, in their order; none for one that is not in it.</summary>
    public IEnumerable<Op> BackwardBefore(Op op) => _backward.Take(Math.Max(0, _backward.IndexOf(op)));

    /// <summary>Whether an op is all that reads or writes a tensor in the backward pass.</summary>
    public bool IsAloneBackward(Op op, Tensor tensor) => _touches[tensor.Root].All(step => !step.IsBackward || step.Op == op);

    /// <summary>Has an op run right after another in the backward pass, one for each. For who asks here it is not there.</summary>
    public void InsertBackward(Op after, Op op) => _inserted.Add(after, op);

    /// <summary>Whether a gradient stays what it is from when the op of its value has run to the end of the backward pass.</summary>
    public bool StaysAfterItsOp(Tensor gradient) => !_changed.Contains(gradient.Root);

    /// <summary>The last op to touch a tensor in the backward pass before another does; null where none does.</summary>
    public Op? LastBefore(Op op, Tensor tensor)
    {
        Op? last = null;
        foreach (TapeStep step in _touches[tensor.Root].Where(step => step.IsBackward))
        {
            if (step.Op == op)
                return last;
            last = step.Op;
        }

        return null;
    }

    private static Op? Next(List<Op> ops, Op op) => ops.IndexOf(op) is >= 0 and var i && i + 1 < ops.Count ? ops[i + 1] : null;
}
