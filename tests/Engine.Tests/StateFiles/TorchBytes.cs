using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using ReSTE.Native.StateFiles;

namespace ReSTE.Native.Engine.Tests.StateFiles;

/// <summary>Puts PyTorch files together by hand, right or wrong.</summary>
internal sealed class TorchBytes
{
    /// <summary>The number a stream begins with, pickled; the protocol's; and that the machine is little-endian.</summary>
    private static readonly byte[] s_streamStart =
    [
        0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.',
        0x80, 2, (byte)'M', 0xe9, 3, (byte)'.',
        0x80, 2, (byte)'}', (byte)'X', 13, 0, 0, 0, .. "little_endian"u8, 0x88, (byte)'s', (byte)'.',
    ];

    private readonly List<byte> _pickle = [0x80, 2, (byte)'}'];
    private readonly OrderedDictionary<string, byte[]> _storages = [];

    /// <summary>A file of two convolution weights and a statistic, large beside their names.</summary>
    public static TorchBytes Valid() => new TorchBytes()
        .Tensor("conv1.weight", Floats(16 * 27), [16, 3, 3, 3], [27, 9, 3, 1])
        .Tensor("layer1.0.conv1.weight", Floats(16 * 144), [16, 16, 3, 3], [144, 9, 3, 1])
        .Tensor("bn1.running_mean", Floats(64), [64], [1]);

    public static byte[] Floats(int count)
    {
        byte[] bytes = new byte[4 * count];
        for (int i = 0; i < count; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), (i + 1) / 64f);
        return bytes;
    }

    /// <summary>Adds a tensor of float32 under a name, or one that claims other things.</summary>
    public TorchBytes Tensor(
        string name, byte[] storage, long[] shape, long[] strides, long offset = 0, long? claimed = null, string type = "FloatStorage",
        string? key = null)
    {
        key ??= _storages.Count.ToString(CultureInfo.InvariantCulture);
        _storages.TryAdd(key, storage);
        return Text(name).Global("torch._utils", "_rebuild_tensor_v2").Raw("(("u8)
            .Text("storage").Global("torch", type).Text(key).Text("cpu").Integer(claimed ?? storage.Length / 4).Raw("tQ"u8)
            .Integer(offset).Tuple(shape).Tuple(strides).Raw(0x89).Global("collections", "OrderedDict").Raw(")RtRs"u8);
    }

    public TorchBytes Text(string text) => Raw((byte)'X').Number(Encoding.UTF8.GetByteCount(text), 4).Raw(Encoding.UTF8.GetBytes(text));

    public TorchBytes Global(string module, string name) => Raw((byte)'c').Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    public TorchBytes Integer(long value) => Raw(0x8a, 8).Number(value, 8);

    public TorchBytes Raw(params ReadOnlySpan<byte> bytes)
    {
        _pickle.AddRange(bytes);
        return this;
    }

    /// <summary>The pickle alone.</summary>
    public byte[] Pickle() => [.. _pickle, (byte)'.'];

    /// <summary>The zip form, with this pickle or another.</summary>
    public byte[] Zip(byte[]? pickle = null, params (string Name, byte[] Bytes)[] more)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipWriter(stream))
        {
            zip.Add("any name/data.pkl", pickle ?? Pickle());
            foreach (var (key, bytes) in _storages)
                zip.Add("any name/data/" + key, bytes);
            foreach (var (name, bytes) in more)
                zip.Add(name, bytes);
            zip.Finish();
        }

        return stream.ToArray();
    }

    /// <summary>The stream form, with this pickle or another.</summary>
    public byte[] Stream(byte[]? pickle = null)
    {
        var keys = new TorchBytes();
        keys._pickle[2] = (byte)']';
        foreach (string key in _storages.Keys)
            keys.Text(key).Raw((byte)'a');
        var data = new TorchBytes();
        data._pickle.Clear();
        foreach (byte[] storage in _storages.Values)
            data.Number(storage.Length / 4, 8).Raw(storage);
        return [.. s_streamStart, .. pickle ?? Pickle(), .. keys.Pickle(), .. data._pickle];
    }

    private TorchBytes Tuple(long[] numbers)
    {
        Raw((byte)'(');
        foreach (long number in numbers)
            Integer(number);
        return Raw((byte)'t');
    }

    private TorchBytes Number(long value, int size)
    {
        for (int i = 0; i < size; i++)
            _pickle.Add((byte)(value >> (8 * i)));
        return this;
    }
}
