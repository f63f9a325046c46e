using System.Collections.Immutable;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Pickles;

namespace ReSTE.Native.StateFiles;

/// <summary>Makes entries of what a pickle says of tensors: their storage, offset, sizes and strides.</summary>
/// <param name="file">The file's name.</param>
/// <param name="length">Its bytes.</param>
/// <param name="storages">Where the numbers lie.</param>
internal sealed class TorchTensors(string file, long length, TorchStorages storages)
{
    // Tensors share storages, and strides of zero make much of little. Room for weights that are tied and statistics that were expanded;
    // whoever copies every tensor needs no more than this.
    private const long MostTimes = 4, MostBeside = 16 << 20;

    private const int MostDimensions = 64, DeepestParameter = 4;

    private long _bytes;

    /// <summary>Whether a value is a tensor, or a parameter that is one.</summary>
    public static bool IsTensor(PickleValue value) =>
        value.Call?.Function.Whole is TorchNames.Tensor or TorchNames.Tensor2 or TorchNames.Tensor3 or TorchNames.Parameter;

    /// <summary>The entry of a tensor.</summary>
    /// <exception cref="CheckpointException">It is damaged, or reaches outside its storage.</exception>
    public StateEntry Entry(string name, PickleValue value)
    {
        PickleCall call = Rebuilt(name, value);
        if (call.Arguments is not [{ Kind: PickleKind.Persistent } which, var start, var size, var stride, ..]
            || start.Integer is not { } offset || offset < 0 || Numbers(size) is not { } shape || Numbers(stride) is not { } strides
            || shape.Length != strides.Length)
        {
            throw Damaged(name, "is described in an unknown manner");
        }

        // What a view is beside its place is the last argument, after the type where there is one.
        int at = call.Function.Whole == TorchNames.Tensor3 ? 7 : 6;
        if (call.Arguments.Length > at && call.Arguments[at] is not ({ Kind: PickleKind.None } or { Dictionary.Count: 0 }))
            throw Damaged(name, "is a view that is negated or conjugated, which cannot be read");
        TorchStorage storage = TorchStorage.Of(which.Tuple!, file);
        SafetensorsType type = storage.Type
            ?? (call.Arguments is [_, _, _, _, _, _, { Name: { } named }, ..] ? TorchNames.OfType(named) : null)
            ?? throw Damaged(name, "has elements of an unknown type");
        ReadOnlyMemory<byte> bytes = storages[storage];
        Check(name, type, shape, offset, strides, bytes.Length / type.Size());
        return new(name, type, shape, new(bytes, offset, strides));
    }

    /// <summary>Takes a parameter's wrapping away.</summary>
    private PickleCall Rebuilt(string name, PickleValue value)
    {
        for (int depth = 0; depth < DeepestParameter && value.Call is { } call; depth++)
        {
            if (call.Function.Whole != TorchNames.Parameter)
                return call;
            value = call.Arguments is [var data, ..] ? data : default;
        }

        throw Damaged(name, "is described in an unknown manner");
    }

    private void Check(
        string name, SafetensorsType type, ImmutableArray<long> shape, long offset, ImmutableArray<long> strides, long elements)
    {
        string what = $"is {type.FileName()} [{string.Join(", ", shape)}]";
        if (type.Extent(shape.AsSpan()) is not var (_, bytes))
            throw Damaged(name, $"{what}, larger than any file");
        if (TensorView.Reaches(shape.AsSpan(), offset, strides.AsSpan()) is not { } end || end > elements)
        {
            throw Damaged(name, $"{what} from element {offset} with strides [{string.Join(", ", strides)}], "
                + $"which reach outside its storage of {elements} elements");
        }

        long most = MostTimes * length + MostBeside;
        if (bytes > most - _bytes)
        {
            throw Damaged(name, $"{what} made of a storage of {elements} elements: with it the tensors have more than {most} bytes, "
                + $"out of a file of {length}");
        }

        _bytes += bytes;
    }

    /// <summary>A tuple of whole numbers, none negative; null where it is something else.</summary>
    private static ImmutableArray<long>? Numbers(PickleValue value)
    {
        PickleValue[]? tuple = value.Call is { Function.Whole: TorchNames.Size, Arguments: [var inner] } ? inner.Tuple : value.Tuple;
        if (tuple is not { Length: <= MostDimensions } || !tuple.All(v => v is { Kind: PickleKind.Integer, Number: >= 0 }))
            return null;
        return [.. tuple.Select(v => v.Number)];
    }

    private CheckpointException Damaged(string name, string what) =>
        new(CheckpointFault.Damaged, file, $"the tensor {CheckpointException.Quote(name)} {what}");
}
