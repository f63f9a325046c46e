namespace ReSTE.Native.Pickles;

/// <summary>
/// The pickle machine's stack, marks and memo. The stack is as deep as Python's own writers make it and no deeper, and what is pushed and
/// remembered in all is bounded, since one byte of a file can stand for a value.
/// </summary>
internal sealed class PickleStack(PickleCursor cursor, int mostValues)
{
    // Python writes dictionaries in runs of 1000 keys and values; what they lie in is below.
    private const int Deepest = 4096;

    private readonly List<PickleValue> _values = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<uint, PickleValue> _memo = [];
    private long _made;

    public int Count => _values.Count;

    public void Push(PickleValue value)
    {
        if (Count + _marks.Count >= Deepest)
            throw Refuse($"more than {Deepest} values on the stack");
        Charge(1);
        _values.Add(value);
    }

    public void Mark()
    {
        if (Count + _marks.Count >= Deepest)
            throw Refuse($"more than {Deepest} values on the stack");
        _marks.Add(Count);
    }

    public PickleValue Peek() => Count > Floor ? _values[^1] : throw Short();

    public PickleValue Pop()
    {
        PickleValue top = Peek();
        _values.RemoveAt(Count - 1);
        return top;
    }

    /// <summary>Takes the topmost values, lowest first.</summary>
    public PickleValue[] Pop(int count)
    {
        if (Count - count < Floor)
            throw Short();
        PickleValue[] popped = [.. _values[^count..]];
        _values.RemoveRange(Count - count, count);
        return popped;
    }

    /// <summary>Takes everything above the topmost mark, and the mark.</summary>
    public PickleValue[] PopToMark()
    {
        if (_marks.Count == 0)
            throw Refuse("an opcode that needs a mark where there is none");
        PickleValue[] popped = Pop(Count - _marks[^1]);
        _marks.RemoveAt(_marks.Count - 1);
        return popped;
    }

    /// <summary>Takes the topmost mark where nothing is above it; says whether there was one.</summary>
    public bool TryPopMark()
    {
        if (_marks.Count == 0 || _marks[^1] != Count)
            return false;
        _marks.RemoveAt(_marks.Count - 1);
        return true;
    }

    /// <summary>Remembers the topmost value under a number, or under the next one.</summary>
    public void Remember(uint? number = null)
    {
        Charge(1);
        _memo[number ?? (uint)_memo.Count] = Peek();
    }

    public PickleValue Recall(uint number) =>
        _memo.TryGetValue(number, out PickleValue value) ? value : throw Refuse($"memo entry {number}, which was never written");

    /// <summary>Counts values that are made beside the stack, as where a list's pairs are copied.</summary>
    public void Charge(int count)
    {
        _made += count;
        if (_made > mostValues)
            throw Refuse($"more than {mostValues} values");
    }

    // A mark guards what lies below it.
    private int Floor => _marks.Count > 0 ? _marks[^1] : 0;

    private PickleException Short() => Refuse("an opcode that needs more values than there are");

    private PickleException Refuse(string what) => new(cursor.Offset, what);
}
