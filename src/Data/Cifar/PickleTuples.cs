using static ReSTE.Native.Data.Cifar.PickleKind;

namespace ReSTE.Native.Data.Cifar;

/// <summary>The six tuples of a batch file, each known by what it holds; there is no general tuple, so none nests without end.</summary>
internal sealed class PickleTuples(PickleCursor cursor)
{
    /// <summary>What the items mean as a tuple.</summary>
    public PickleValue Make(ReadOnlySpan<PickleValue> items, int offset) => items switch
    {
        [{ Kind: Integer } only] => new(OneTuple, only.A),
        [{ Kind: Integer } first, { Kind: Integer } second] => new(PairTuple, first.A, second.A),
        [{ Kind: ArrayClass }, { Kind: OneTuple, A: 0 }, var code] when cursor.Is(code, "b") => new(ArrayArguments),
        [var type, { Kind: Integer, A: 0 }, { Kind: Integer, A: 1 }] when cursor.Is(type, "u1") => new(TypeArguments),
        [
        { Kind: Integer, A: 3 }, var order, { Kind: None }, { Kind: None }, { Kind: None },
        { Kind: Integer, A: -1 }, { Kind: Integer, A: -1 }, { Kind: Integer, A: 0 },
        ] when cursor.Is(order, "|") => new(TypeState),
        [
        { Kind: Integer, A: 1 }, { Kind: PairTuple } shape, { Kind: ByteType }, { Kind: False },
        { Kind: PickleKind.String } data,
        ] => FilledArray(shape, data, offset),
        _ => throw cursor.Unexpected(offset, $"a tuple of {items.Length} that no {cursor.Set.Title} batch has"),
    };

    private PickleValue FilledArray(PickleValue shape, PickleValue data, int offset)
    {
        if (shape.A <= 0 || shape.B != CifarBatch.ImageBytes || (long)shape.A * shape.B != data.B)
        {
            throw cursor.Unexpected(
                offset, $"an array of {shape.A} x {shape.B} in {data.B} bytes where N x {CifarBatch.ImageBytes} in as many was expected");
        }

        return new(ArrayState, shape.A, data.A);
    }
}
