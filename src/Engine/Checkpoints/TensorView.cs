using System.Collections.Immutable;

namespace ReSTE.Native.Checkpoints;

/// <summary>
/// Where a tensor's numbers lie: in a storage, which several tensors may share, from an offset on, and by strides, which need not be those
/// of row-major order. Offset and strides count elements. A view never reaches outside its storage: <see cref="Reaches"/> is asked first.
/// </summary>
internal readonly record struct TensorView(ReadOnlyMemory<byte> Storage, long Offset, ImmutableArray<long> Strides)
{
    /// <summary>A tensor that fills its storage in row-major order.</summary>
    public static TensorView Whole(ReadOnlyMemory<byte> storage, ReadOnlySpan<long> shape) => new(storage, 0, RowMajor(shape));

    /// <summary>The strides of row-major order.</summary>
    public static ImmutableArray<long> RowMajor(ReadOnlySpan<long> shape)
    {
        var strides = new long[shape.Length];
        for (int axis = shape.Length - 1, next = 0; axis >= 0; next = axis--)
            strides[axis] = axis == shape.Length - 1 ? 1 : strides[next] * Math.Max(1, shape[next]);
        return ImmutableArray.Create(strides);
    }

    /// <summary>
    /// The element after the last one that a tensor of this place touches, 0 where it has none; null where that is beyond counting.
    /// </summary>
    public static long? Reaches(ReadOnlySpan<long> shape, long offset, ReadOnlySpan<long> strides)
    {
        Int128 last = offset;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (shape[axis] == 0)
                return 0;
            last += (Int128)(shape[axis] - 1) * strides[axis];
            if (last >= long.MaxValue)
                return null;
        }

        return (long)last + 1;
    }

    /// <summary>The numbers in row-major order, as bytes: those of the storage itself where they lie so, or a copy.</summary>
    public ReadOnlyMemory<byte> Bytes(ReadOnlySpan<long> shape, int size)
    {
        long count = 1;
        foreach (long dimension in shape)
            count *= dimension;
        if (count == 0)
            return default;
        if (IsRowMajor(shape))
            return Storage.Slice((int)(Offset * size), (int)(count * size));
        var bytes = new byte[count * size];
        Gather(shape, size, bytes);
        return bytes;
    }

    /// <summary>Whether neighbours lie beside each other; the stride of a dimension of one decides nothing.</summary>
    private bool IsRowMajor(ReadOnlySpan<long> shape)
    {
        long expected = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            if (shape[axis] != 1 && Strides[axis] != expected)
                return false;
            expected *= shape[axis];
        }

        return true;
    }

    private void Gather(ReadOnlySpan<long> shape, int size, Span<byte> bytes)
    {
        ReadOnlySpan<byte> storage = Storage.Span;
        Span<long> position = stackalloc long[shape.Length];
        position.Clear();
        long from = Offset;
        for (int to = 0; to < bytes.Length; to += size)
        {
            storage.Slice((int)(from * size), size).CopyTo(bytes[to..]);
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                from += Strides[axis];
                if (++position[axis] < shape[axis])
                    break;
                from -= Strides[axis] * shape[axis];
                position[axis] = 0;
            }
        }
    }
}
