namespace ReSTE.Native.Data.Cifar;

/// <summary>The six tuples of a batch file, each known by what it holds; there is no tuple in general, so none can nest without end.</summary>
internal sealed class PickleTuples(PickleCursor cursor)
{
    /// <summary>What the items mean as a tuple.</summary>
    public PickleValue Make(ReadOnlySpan<PickleValue> items, int offset) => items switch
    {
        [{ Kind: PickleKind.Integer } only] => new(PickleKind.OneTuple, only.A),
        [{ Kind: PickleKind.Integer } first, { Kind: PickleKind.Integer } second] => new(PickleKind.PairTuple, first.A, second.A),
        [{ Kind: PickleKind.ArrayClass }, { Kind: PickleKind.OneTuple, A: 0 }, var code] when cursor.Is(code, "b") => new(PickleKind.ArrayArguments),
        [var type, { Kind: PickleKind.Integer, A: 0 }, { Kind: PickleKind.Integer, A: 1 }] when cursor.Is(type, "u1") => new(PickleKind.TypeArguments),
        [
            { Kind: PickleKind.Integer, A: 3 }, var order, { Kind: PickleKind.None }, { Kind: PickleKind.None }, { Kind: PickleKind.None },
            { Kind: PickleKind.Integer, A: -1 }, { Kind: PickleKind.Integer, A: -1 }, { Kind: PickleKind.Integer, A: 0 },
        ] when cursor.Is(order, "|") => new(PickleKind.TypeState),
        [
            { Kind: PickleKind.Integer, A: 1 }, { Kind: PickleKind.PairTuple } shape, { Kind: PickleKind.ByteType }, { Kind: PickleKind.False },
            { Kind: PickleKind.String } data,
        ] => ArrayState(shape, data, offset),
        _ => throw cursor.Unexpected(offset, $"a tuple of {items.Length} that no CIFAR-10 batch has"),
    };

    private PickleValue ArrayState(PickleValue shape, PickleValue data, int offset)
    {
        if (shape.A <= 0 || shape.B != CifarBatch.ImageBytes || (long)shape.A * shape.B != data.B)
        {
            throw cursor.Unexpected(
                offset, $"an array of {shape.A} x {shape.B} with {data.B} bytes where N x {CifarBatch.ImageBytes} with as many bytes was expected");
        }

        return new(PickleKind.ArrayState, shape.A, data.A);
    }
}
