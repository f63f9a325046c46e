namespace ReSTE.Native.Data.Cifar;

/// <summary>The pickle machine's stack. It is as deep as Python's own writer makes it and no deeper.</summary>
internal sealed class PickleStack(PickleCursor cursor)
{
    // Python writes lists in runs of 1000 items; the dictionary, its entries, the list and two marks lie below.
    private const int Deepest = 1024;

    private readonly PickleValue[] _values = new PickleValue[Deepest];

    public int Count { get; private set; }

    public void Push(PickleValue value)
    {
        if (Count == Deepest)
            throw cursor.Unexpected(cursor.Offset, $"more than {Deepest} values on the stack");
        _values[Count++] = value;
    }

    public PickleValue Pop() => Pop(1)[0];

    /// <summary>Takes the topmost values, lowest first; they stay readable until the next push.</summary>
    public ReadOnlySpan<PickleValue> Pop(int count)
    {
        if (count > Count)
            throw cursor.Unexpected(cursor.Offset, "an opcode that needs more values than there are");
        Count -= count;
        return _values.AsSpan(Count, count);
    }

    /// <summary>Takes everything above the topmost mark, and the mark.</summary>
    public ReadOnlySpan<PickleValue> PopToMark()
    {
        int mark = Count - 1;
        while (mark >= 0 && _values[mark].Kind != PickleKind.Mark)
            mark--;
        if (mark < 0)
            throw cursor.Unexpected(cursor.Offset, "an opcode that needs a mark where there is none");
        var values = Pop(Count - mark - 1);
        Count = mark;
        return values;
    }
}
