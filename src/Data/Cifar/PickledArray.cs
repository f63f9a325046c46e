using ReSTE.Native.Datasets;
using ReSTE.Native.Pickles;

namespace ReSTE.Native.Data.Cifar;

/// <summary>The images of a batch: a NumPy array of N x 3072 bytes, wherever its pickle keeps them.</summary>
/// <param name="Buffer">What they lie in: the file's bytes, save where Python 3 wrote them as text.</param>
/// <param name="Start">Where they begin.</param>
/// <param name="Rows">Number of images.</param>
internal readonly record struct PickledArray(byte[] Buffer, int Start, int Rows)
{
    private const string Reconstruct = "._reconstruct", FromBuffer = "._frombuffer";

    private static readonly HashSet<string> s_names =
    [
        "numpy.ndarray", "numpy.dtype", EncodedBytes.Function, .. NumpyTypes.Modules.Select(module => module + Reconstruct),
        .. NumpyTypes.NumericModules.Select(module => module + FromBuffer),
    ];

    /// <summary>What a batch's pickle may hold.</summary>
    public static PickleRules Rules(CifarSet set) => new($"no {set.Title} batch uses", s_names);

    /// <summary>The array that a value of the pickle is.</summary>
    public static PickledArray Of(PickleValue value, Func<string, DatasetException> damaged)
    {
        if (value.Call is not { } call)
            throw damaged($"the entry 'data' is {value} where an array was expected");
        // To protocol 4: an empty array that is given the state (1, shape, type, whether columns lie together, bytes).
        // Protocol 5: _frombuffer(bytes, type, shape, 'C').
        if (Is(call, Reconstruct) && call.State.Tuple is [_, var shape, var type, { Kind: PickleKind.Boolean, Number: 0 }, var bytes])
            return Filled(shape, type, bytes, damaged);
        if (Is(call, FromBuffer) && call.Arguments is [var buffer, var element, var size, var order] && order.Is("C"))
            return Filled(size, element, buffer, damaged);
        throw damaged("the entry 'data' is no array, or one whose columns lie together");
    }

    private static bool Is(PickleCall call, string function) => call.Function.Whole.EndsWith(function, StringComparison.Ordinal);

    private static PickledArray Filled(PickleValue shape, PickleValue type, PickleValue bytes, Func<string, DatasetException> damaged)
    {
        if (NumpyTypes.CodeOf(type) is not "u1")
            throw damaged("the entry 'data' is an array of something else than bytes");
        if (shape.Tuple is not [{ Kind: PickleKind.Integer, Number: var rows }, { Kind: PickleKind.Integer, Number: var columns }])
            throw damaged("the entry 'data' is no array of two dimensions");
        PickleValue data = EncodedBytes.Plain(bytes);
        if (data.Kind != PickleKind.Bytes || rows <= 0 || columns != CifarBatch.ImageBytes || data.Length % columns != 0
            || data.Length / columns != rows)
        {
            throw damaged(
                $"an array of {rows} x {columns} in {data.Length} bytes where N x {CifarBatch.ImageBytes} in as many was expected");
        }

        return new(data.Buffer, data.Start, (int)rows);
    }
}
