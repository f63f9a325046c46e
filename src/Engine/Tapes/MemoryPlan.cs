using ReSTE.Native.Devices;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Tapes;

/// <summary>
/// Gives tensors offsets in one block so that two overlap only when they never live at the same time: largest first, each at the lowest
/// offset free during its whole life.
/// </summary>
internal sealed class MemoryPlan
{
    private readonly Dictionary<Tensor, (int First, int Last)> _lives = [];

    /// <summary>Notes that a tensor is read or written at a point in time.</summary>
    public void Touch(Tensor tensor, int time)
    {
        var life = _lives.GetValueOrDefault(tensor, (First: time, Last: time));
        _lives[tensor] = (Math.Min(life.First, time), Math.Max(life.Last, time));
    }

    /// <summary>Places every tensor that was touched.</summary>
    public void Place(Slab slab)
    {
        var placed = new List<(int First, int Last, long Start, long End)>();
        foreach (var (tensor, (first, last)) in _lives.OrderByDescending(t => t.Key.Bytes))
        {
            long size = Slab.Align(tensor.Bytes), start = 0;
            foreach (var other in placed.Where(p => p.First <= last && first <= p.Last).OrderBy(p => p.Start))
            {
                if (start + size <= other.Start)
                    break;
                start = Math.Max(start, other.End);
            }

            placed.Add((first, last, start, start + size));
            slab.Place(tensor, start);
        }
    }
}
