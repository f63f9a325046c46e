using System.Globalization;
using System.Text;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Pickles;

namespace ReSTE.Native.StateFiles;

/// <summary>
/// Writes the pickle of a PyTorch file, protocol 2, with the few opcodes and names that <c>torch.load(weights_only=True)</c> knows:
/// <c>{epoch, model, state_dict, best_prec1}</c>, as the published trainer saves it. What is not known is None, and
/// the best result is a tensor of one number, for PyTorch before its version 2 takes no other that is not whole.
/// </summary>
internal sealed class TorchPickle
{
    private const string OrderedDictionary = "collections\nOrderedDict\n", Rebuild = "torch._utils\n_rebuild_tensor_v2\n";

    // Pairs of a dictionary between two marks, as Python writes them: readers' stacks are not endless.
    private const int Run = 1000;

    private readonly List<byte> _bytes = [];

    /// <summary>
    /// The pickle of a state dictionary whose tensor number k has its numbers in the storage of key k; the best result's are the last.
    /// </summary>
    /// <exception cref="CheckpointException">A tensor has a type that PyTorch has no storage for, or an endless name.</exception>
    public static byte[] Of(StateDictionary state) => new TorchPickle().Whole(state);

    private byte[] Whole(StateDictionary state)
    {
        Raw((byte)PickleOpcode.Proto, 2, (byte)PickleOpcode.EmptyDict, (byte)PickleOpcode.Mark);
        Text(SafetensorsState.EpochKey);
        Integer(state.Epoch);
        Text(SafetensorsState.ModelKey);
        Text(state.Model);
        Text("state_dict");
        Global(OrderedDictionary);
        Raw((byte)PickleOpcode.EmptyTuple, (byte)PickleOpcode.Reduce, (byte)PickleOpcode.Mark);
        for (int i = 0; i < state.Entries.Count; i++)
        {
            if (i > 0 && i % Run == 0)
                Raw((byte)PickleOpcode.SetItems, (byte)PickleOpcode.Mark);
            StateEntry entry = state.Entries[i];
            if (Encoding.UTF8.GetByteCount(entry.Name) > TorchNames.Longest)
                throw Unfit(state, entry, $"has a name of more than {TorchNames.Longest} bytes");
            Text(entry.Name);
            Tensor(StorageOf(state, entry), entry.Shape.AsSpan(), entry.Count, i);
        }

        Raw((byte)PickleOpcode.SetItems);
        Text(SafetensorsState.BestKey);
        if (state.BestTop1 is null)
            Raw((byte)PickleOpcode.None);
        else
            Tensor(TorchNames.StorageOf(SafetensorsType.F64)!, [], 1, state.Entries.Count);
        Raw((byte)PickleOpcode.SetItems, (byte)PickleOpcode.Stop);
        return [.. _bytes];
    }

    private static string StorageOf(StateDictionary state, StateEntry entry) => TorchNames.StorageOf(entry.Type)
        ?? throw Unfit(state, entry, $"is {entry.Type.FileName()}, which PyTorch's zip form has no storage for");

    private static CheckpointException Unfit(StateDictionary state, StateEntry entry, string what) =>
        new(CheckpointFault.WrongType, state.File, $"the tensor {CheckpointException.Quote(entry.Name)} {what}");

    /// <summary>_rebuild_tensor_v2(storage, 0, sizes, strides, False, OrderedDict()).</summary>
    private void Tensor(string storage, ReadOnlySpan<long> shape, long count, int key)
    {
        Global(Rebuild);
        Raw((byte)PickleOpcode.Mark, (byte)PickleOpcode.Mark);
        Text("storage");
        Global($"torch\n{storage}\n");
        Text(key.ToString(CultureInfo.InvariantCulture));
        Text("cpu");
        Integer(count);
        Raw((byte)PickleOpcode.Tuple, (byte)PickleOpcode.BinPersId);
        Integer(0);
        Numbers(shape);
        Numbers(TensorView.RowMajor(shape).AsSpan());
        Raw((byte)PickleOpcode.NewFalse);
        Global(OrderedDictionary);
        Raw((byte)PickleOpcode.EmptyTuple, (byte)PickleOpcode.Reduce, (byte)PickleOpcode.Tuple, (byte)PickleOpcode.Reduce);
    }

    private void Numbers(ReadOnlySpan<long> numbers)
    {
        Raw((byte)PickleOpcode.Mark);
        foreach (long number in numbers)
            Integer(number);
        Raw((byte)PickleOpcode.Tuple);
    }

    private void Global(string lines)
    {
        Raw((byte)PickleOpcode.Global);
        Raw(Encoding.ASCII.GetBytes(lines));
    }

    private void Text(string? text)
    {
        if (text is null)
        {
            Raw((byte)PickleOpcode.None);
            return;
        }

        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Raw((byte)PickleOpcode.BinUnicode);
        Number(utf8.Length, sizeof(int));
        Raw(utf8);
    }

    private void Integer(long? value)
    {
        if (value is not { } number)
        {
            Raw((byte)PickleOpcode.None);
        }
        else if (number is >= int.MinValue and <= int.MaxValue)
        {
            Raw((byte)PickleOpcode.BinInt);
            Number(number, sizeof(int));
        }
        else
        {
            Raw((byte)PickleOpcode.Long1, sizeof(long));
            Number(number, sizeof(long));
        }
    }

    private void Number(long value, int size)
    {
        for (int i = 0; i < size; i++)
            _bytes.Add((byte)(value >> (8 * i)));
    }

    private void Raw(params ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);
}
