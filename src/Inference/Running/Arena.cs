namespace ReSTE.Native.Running;

/// <summary>
/// One memory for all values of an image: each has a place from the step that writes it to the last that reads it, and values that are
/// never there at once share.
/// </summary>
/// <param name="isApart">Whether none share, for tests that look for what reads or writes outside its values.</param>
internal sealed class Arena(bool isApart = false)
{
    private const int Line = 64;

    private readonly List<(long Start, long End, int First, int Last)> _taken = [];
    private readonly List<MemoryPart> _parts = [];

    /// <summary>Whether none share.</summary>
    public bool IsApart => isApart;

    /// <summary>All that was placed.</summary>
    public IReadOnlyList<MemoryPart> Parts => _parts;

    /// <summary>Bytes of it so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Finds the lowest place that is free during some steps; returns where it begins, on a cache line.</summary>
    public long Place(long bytes, int firstStep, int lastStep)
    {
        long size = (bytes + Line - 1) / Line * Line, start = 0;
        foreach (var other in _taken.Where(t => isApart || (t.First <= lastStep && firstStep <= t.Last)).OrderBy(t => t.Start))
        {
            if (start + size <= other.Start)
                break;
            start = Math.Max(start, other.End);
        }

        _taken.Add((start, start + size, firstStep, lastStep));
        _parts.Add(new MemoryPart(start, bytes));
        Bytes = Math.Max(Bytes, start + size);
        return start;
    }
}

/// <summary>A piece of one memory.</summary>
/// <param name="Start">Where it begins, in bytes.</param>
/// <param name="Bytes">Its size.</param>
internal readonly record struct MemoryPart(long Start, long Bytes);

/// <summary>Memory that begins on a cache line and stays where it is; it goes when nobody holds it any more.</summary>
internal sealed unsafe class FixedMemory
{
    private const int Line = 64;

    private readonly byte[] _bytes;

    /// <summary>Zeroed memory.</summary>
    public FixedMemory(long bytes)
    {
        _bytes = GC.AllocateArray<byte>(checked((int)(bytes + Line)), pinned: true);
        nint start = (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref _bytes[0]);
        Start = (byte*)((start + Line - 1) / Line * Line);
    }

    /// <summary>Where it begins.</summary>
    public byte* Start { get; }
}
