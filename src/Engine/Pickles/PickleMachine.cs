using ReSTE.Native.Messages;
using static ReSTE.Native.Pickles.PickleOpcode;

namespace ReSTE.Native.Pickles;

/// <summary>What a pickle holds: its value, the values outside it that it speaks of, and where it ends in the bytes.</summary>
internal sealed record PickleResult(PickleValue Value, IReadOnlyList<PickleValue[]> Persistent, int End);

/// <summary>
/// Reads pickles of protocol 2 to 5 into plain data. It is no unpickler: a call in a pickle becomes a note of what would be called with
/// what, nothing is ever called or looked up, and a name outside the rules is refused.
/// </summary>
internal sealed class PickleMachine
{
    private const int FirstProtocol = 2, LastProtocol = 5;
    private const string OrderedDictionary = "collections.OrderedDict";

    private readonly PickleRules _rules;
    private readonly PickleCursor _cursor;
    private readonly PickleStack _stack;
    private readonly List<PickleValue[]> _persistent = [];
    private int _offset;

    private PickleMachine(byte[] bytes, int start, PickleRules rules)
    {
        _rules = rules;
        _cursor = new PickleCursor(bytes, start);
        _stack = new PickleStack(_cursor, rules.MostValues);
    }

    /// <summary>Reads the pickle that begins at an offset. Bytes may follow it.</summary>
    /// <exception cref="PickleException">It is damaged, or names what the rules do not.</exception>
    public static PickleResult Run(byte[] bytes, int start, PickleRules rules) => new PickleMachine(bytes, start, rules).Run();

    private PickleResult Run()
    {
        if ((PickleOpcode)_cursor.Byte() != Proto)
            throw new PickleException(_cursor.Offset - 1, "no pickle starts like this");
        int protocol = _cursor.Byte();
        if (protocol is < FirstProtocol or > LastProtocol)
        {
            throw new PickleException(
                _cursor.Offset - 1, $"pickle protocol {protocol} where {FirstProtocol} to {LastProtocol} was expected");
        }

        while (Step())
        {
        }

        PickleValue value = _stack.Pop();
        return _stack.Count == 0 ? new(value, _persistent, _cursor.Offset) : throw Refuse("the pickle ends with values left over");
    }

    private bool Step()
    {
        _offset = _cursor.Offset;
        var opcode = (PickleOpcode)_cursor.Byte();
        if (opcode == Stop)
            return false;
        if (!Arranges(opcode) && !Fills(opcode))
            _stack.Push(Made(opcode) ?? throw Unknown(opcode));
        return true;
    }

    /// <summary>Marks, memo, frames: opcodes that make no value.</summary>
    private bool Arranges(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case Mark: _stack.Mark(); break;
            case Pop when !_stack.TryPopMark(): _stack.Pop(); break;
            case Pop: break;
            case PopMark: _stack.PopToMark(); break;
            case Frame: _cursor.CheckLeft(_cursor.Int64()); break;
            case BinPut: _stack.Remember(_cursor.Byte()); break;
            case LongBinPut: _stack.Remember(_cursor.UInt32()); break;
            case Memoize: _stack.Remember(); break;
            default: return false;
        }

        return true;
    }

    /// <summary>Opcodes that add to the value below their own.</summary>
    private bool Fills(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case Append: AddTo(_stack.Pop(1)); break;
            case Appends or AddItems: AddTo(_stack.PopToMark()); break;
            case SetItem: SetIn(_stack.Pop(2)); break;
            case SetItems: SetIn(_stack.PopToMark()); break;
            case Build: Tell(_stack.Pop()); break;
            default: return false;
        }

        return true;
    }

    /// <summary>What an opcode adds to the stack; null of one that is not known.</summary>
    private PickleValue? Made(PickleOpcode opcode) =>
        PickleLiterals.Read(opcode, _cursor) ?? Remembered(opcode) ?? Container(opcode) ?? Called(opcode);

    private PickleValue? Remembered(PickleOpcode opcode) => opcode switch
    {
        BinGet => _stack.Recall(_cursor.Byte()),
        LongBinGet => _stack.Recall(_cursor.UInt32()),
        _ => null,
    };

    private PickleValue? Container(PickleOpcode opcode) => opcode switch
    {
        EmptyTuple => Tuple([]),
        Tuple1 => Tuple(_stack.Pop(1)),
        Tuple2 => Tuple(_stack.Pop(2)),
        Tuple3 => Tuple(_stack.Pop(3)),
        PickleOpcode.Tuple => Tuple(_stack.PopToMark()),
        EmptyList or EmptySet => new(PickleKind.List, 0, new List<PickleValue>()),
        FrozenSet => new(PickleKind.List, 0, new List<PickleValue>(_stack.PopToMark())),
        EmptyDict => new(PickleKind.Dictionary, 0, new PickleDictionary()),
        _ => null,
    };

    private PickleValue? Called(PickleOpcode opcode) => opcode switch
    {
        Global or Inst => Named(_cursor.Line(), _cursor.Line(), opcode),
        StackGlobal => Named(_stack.Pop(2)),
        Reduce or NewObj => Call(_stack.Pop(2)),
        BinPersId => Outside(_stack.Pop()),
        _ => null,
    };

    private static PickleValue Tuple(PickleValue[] items) => new(PickleKind.Tuple, 0, items);

    private PickleValue Named(string module, string name, PickleOpcode opcode)
    {
        var named = new PickleName(module, name);
        if (!_rules.Names.Contains(named.Whole))
            throw new PickleException(_offset, $"the name {named}, which {_rules.Expected}") { ForbiddenName = named.ToString() };
        return opcode == Inst ? throw Unknown(opcode) : new(PickleKind.Name, 0, named);
    }

    private PickleValue Named(PickleValue[] pair) => (pair[0].Text(), pair[1].Text()) is ({ } module, { } name)
        ? Named(module, name, StackGlobal)
        : throw Refuse($"a name made of {pair[0]} and {pair[1]}");

    private PickleValue Call(PickleValue[] pair)
    {
        if (pair[0].Name is not { } function)
            throw Refuse($"a call of {pair[0]}");
        // One remembered list can stand in any number of calls, and each copies it.
        if (pair[1].Tuple is [{ List: { } pairs }])
            _stack.Charge(pairs.Count);
        return function.Whole == OrderedDictionary && PickleDictionary.Of(pair[1].Tuple) is { } dictionary
            ? new(PickleKind.Dictionary, 0, dictionary)
            : new(PickleKind.Call, 0, new PickleCall(function, pair[1]));
    }

    private PickleValue Outside(PickleValue which)
    {
        if (!_rules.HasPersistentValues || which.Tuple is not { } tuple)
            throw Refuse($"a value outside the pickle, by {which}");
        _persistent.Add(tuple);
        return new(PickleKind.Persistent, 0, tuple);
    }

    private void AddTo(PickleValue[] items)
    {
        if (_stack.Peek().List is not { } list)
            throw Refuse($"items for a list added to {_stack.Peek()}");
        list.AddRange(items);
    }

    private void SetIn(PickleValue[] items)
    {
        PickleValue target = _stack.Peek();
        if ((target.Dictionary ?? target.Call?.Entries) is not { } dictionary || items.Length % 2 != 0)
            throw Refuse($"{items.Length} keys and values for {target}");
        for (int i = 0; i < items.Length; i += 2)
            dictionary.Add(items[i], items[i + 1]);
    }

    /// <summary>Gives an object its state. An ordered dictionary's own attributes decide nothing.</summary>
    private void Tell(PickleValue state)
    {
        PickleValue target = _stack.Peek();
        if (target.Call is { } call)
            call.State = state;
        else if (target.Dictionary is null)
            throw Refuse($"a state for {target}");
    }

    private PickleException Unknown(PickleOpcode opcode) => Refuse($"opcode 0x{(byte)opcode:x2}, which {_rules.Expected}");

    private PickleException Refuse(string what) => new(_offset, OneLine.Of(what));
}
