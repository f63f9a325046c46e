using ReSTE.Native.Datasets;

namespace ReSTE.Native.Data.Cifar;

/// <summary>
/// Reads the one form of pickle that CIFAR's batches have: protocol 2, a dictionary of a uint8 array and a few lists. It is no unpickler:
/// every opcode, name, tuple and key outside that form is refused, nothing named in a file is ever called, and memo entries are not even
/// kept, for the form never reads one.
/// </summary>
internal sealed class PickleMachine
{
    private const int Protocol = 2;
    private readonly PickleCursor _cursor;
    private readonly PickleStack _stack;
    private readonly PickleTuples _tuples;
    private readonly PickleEntries _entries;
    private int _offset;

    private PickleMachine(byte[] bytes, string path, CifarSet set)
    {
        _cursor = new PickleCursor(bytes, path, set);
        _stack = new PickleStack(_cursor);
        _tuples = new PickleTuples(_cursor);
        _entries = new PickleEntries(_cursor);
    }

    /// <summary>The entries of the file's dictionary.</summary>
    /// <exception cref="DatasetException">The bytes are not of this form.</exception>
    public static PickleEntries Run(byte[] bytes, string path, CifarSet set) => new PickleMachine(bytes, path, set).Run();

    private PickleEntries Run()
    {
        if (_cursor.Byte() != (byte)PickleOpcode.Proto)
            throw _cursor.Unexpected(0, "no pickle starts like this");
        int protocol = _cursor.Byte();
        if (protocol != Protocol)
            throw _cursor.Unexpected(1, $"pickle protocol {protocol} where {Protocol} was expected");
        if (_cursor.Byte() != (byte)PickleOpcode.EmptyDict)
            throw _cursor.Unexpected(2, "something else than a dictionary");
        _stack.Push(new PickleValue(PickleKind.Dictionary));
        while (Step())
        {
        }

        if (_stack.Count != 1 || _stack.Pop().Kind != PickleKind.Dictionary)
            throw Refuse("the pickle ends with values left over");
        return _cursor.AtEnd ? _entries : throw _cursor.Unexpected(_cursor.Offset, "bytes after the pickle's end");
    }

    private bool Step()
    {
        _offset = _cursor.Offset;
        var opcode = (PickleOpcode)_cursor.Byte();
        switch (opcode)
        {
            case PickleOpcode.Stop: return false;
            case PickleOpcode.BinPut: _cursor.Skip(1); break;
            case PickleOpcode.LongBinPut: _cursor.Skip(4); break;
            case PickleOpcode.Append: Append(_stack.Pop(1)); break;
            case PickleOpcode.Appends: Append(_stack.PopToMark()); break;
            case PickleOpcode.SetItems: SetItems(_stack.PopToMark()); break;
            default: _stack.Push(Make(opcode)); break;
        }

        return true;
    }

    private PickleValue Make(PickleOpcode opcode) => opcode switch
    {
        PickleOpcode.Mark => new(PickleKind.Mark),
        PickleOpcode.None => new(PickleKind.None),
        PickleOpcode.NewFalse => new(PickleKind.False),
        PickleOpcode.BinInt1 => Integer(_cursor.Byte()),
        PickleOpcode.BinInt2 => Integer(_cursor.UInt16()),
        PickleOpcode.BinInt => Integer(_cursor.Int32()),
        PickleOpcode.ShortBinString => String(_cursor.Byte()),
        PickleOpcode.BinString => String(_cursor.Int32()),
        PickleOpcode.EmptyList => new(PickleKind.List, List: new PickleList(_cursor.Set.Classes)),
        PickleOpcode.Global => Global(_cursor.Line(), _cursor.Line()),
        PickleOpcode.Tuple1 => _tuples.Make(_stack.Pop(1), _offset),
        PickleOpcode.Tuple2 => _tuples.Make(_stack.Pop(2), _offset),
        PickleOpcode.Tuple3 => _tuples.Make(_stack.Pop(3), _offset),
        PickleOpcode.Tuple => _tuples.Make(_stack.PopToMark(), _offset),
        PickleOpcode.Reduce => Reduce(_stack.Pop(2)),
        PickleOpcode.Build => Build(_stack.Pop(2)),
        _ => throw Refuse($"opcode 0x{(byte)opcode:x2}, which no {_cursor.Set.Title} batch uses"),
    };

    private static PickleValue Integer(int value) => new(PickleKind.Integer, value);

    private PickleValue String(int length) => new(PickleKind.String, _cursor.Skip(length), length);

    private PickleValue Global(string module, string name) => (module, name) switch
    {
        ("numpy.core.multiarray" or "numpy._core.multiarray", "_reconstruct") => new(PickleKind.ReconstructFunction),
        ("numpy", "ndarray") => new(PickleKind.ArrayClass),
        ("numpy", "dtype") => new(PickleKind.TypeClass),
        _ => throw Refuse($"the name {module}.{name}, which no {_cursor.Set.Title} batch uses"),
    };

    private PickleValue Reduce(ReadOnlySpan<PickleValue> call) => (call[0].Kind, call[1].Kind) switch
    {
        (PickleKind.ReconstructFunction, PickleKind.ArrayArguments) => new(PickleKind.EmptyArray),
        (PickleKind.TypeClass, PickleKind.TypeArguments) => new(PickleKind.RawType),
        _ => throw Refuse($"a call of {call[0].Kind} with {call[1].Kind}"),
    };

    private PickleValue Build(ReadOnlySpan<PickleValue> pair) => (pair[0].Kind, pair[1].Kind) switch
    {
        (PickleKind.RawType, PickleKind.TypeState) => new(PickleKind.ByteType),
        (PickleKind.EmptyArray, PickleKind.ArrayState) => pair[1] with { Kind = PickleKind.Array },
        _ => throw Refuse($"{pair[0].Kind} given the state {pair[1].Kind}"),
    };

    private void Append(ReadOnlySpan<PickleValue> items)
    {
        var target = _stack.Pop();
        if (target.List is not { } list)
            throw Refuse($"items for a list appended to {target.Kind}");
        foreach (var item in items)
        {
            if (!list.TryAdd(item))
            {
                int last = _cursor.Set.Classes - 1;
                throw Refuse($"item {list.Count} of a list is {Describe(item)} where a label from 0 to {last} or a file name was expected");
            }
        }

        _stack.Push(target);
    }

    private void SetItems(ReadOnlySpan<PickleValue> items)
    {
        var target = _stack.Pop();
        if (target.Kind != PickleKind.Dictionary || items.Length % 2 != 0)
            throw Refuse($"{items.Length} keys and values for {target.Kind}");
        for (int i = 0; i < items.Length; i += 2)
            _entries.Add(items[i], items[i + 1], _offset);
        _stack.Push(target);
    }

    private static string Describe(PickleValue item) => item.Kind == PickleKind.Integer ? $"the integer {item.A}" : item.Kind.ToString();

    private DatasetException Refuse(string what) => _cursor.Unexpected(_offset, what);
}
