using ReSTE.Native.Tensors;

namespace ReSTE.Native.Tapes;

/// <summary>Who touches what on a tape, and when: what an op may ask that wants to take over another's work.</summary>
internal sealed class RunOrder
{
    private readonly Dictionary<Tensor, List<(Op Op, int Time)>> _touches = [];
    private readonly Dictionary<Variable, Op> _makers = [];
    private readonly HashSet<Tensor> _kept;
    private readonly int _forward;

    /// <summary>Of the ops of a tape that has been connected.</summary>
    /// <param name="forward">In their order.</param>
    /// <param name="backward">In the order of the backward pass.</param>
    /// <param name="updates">After it.</param>
    /// <param name="kept">What is read from outside.</param>
    public RunOrder(IReadOnlyList<Op> forward, IReadOnlyList<Op> backward, IReadOnlyList<Op> updates, IEnumerable<Tensor> kept)
    {
        _kept = [.. kept.Select(t => t.Root)];
        int time = 0;
        foreach (Op op in forward)
        {
            Add(op, op.ForwardTouches, time++);
            if (op.Output != null)
                _makers[op.Output] = op;
        }

        _forward = time;
        foreach (Op op in backward)
            Add(op, op.BackwardTouches, time++);
        foreach (Op op in updates)
            Add(op, op.ForwardTouches, time++);
    }

    /// <summary>The op that makes a value; null for a parameter or an input.</summary>
    public Op? MakerOf(Variable value) => _makers.GetValueOrDefault(value);

    /// <summary>Whether two ops are all that ever read or write a tensor.</summary>
    public bool IsBetween(Tensor tensor, Op first, Op second) =>
        !_kept.Contains(tensor.Root) && _touches[tensor.Root].All(t => t.Op == first || t.Op == second);

    /// <summary>The last op to touch a tensor in the backward pass before another does; null where none does.</summary>
    public Op? LastBefore(Op op, Tensor tensor)
    {
        Op? last = null;
        foreach (var (toucher, _) in _touches[tensor.Root].Where(t => t.Time >= _forward))
        {
            if (toucher == op)
                return last;
            last = toucher;
        }

        return null;
    }

    private void Add(Op op, IEnumerable<Tensor?> tensors, int time)
    {
        foreach (Tensor? tensor in tensors)
        {
            if (tensor == null)
                continue;
            if (!_touches.TryGetValue(tensor.Root, out var touches))
                _touches.Add(tensor.Root, touches = []);
            touches.Add((op, time));
        }
    }
}
