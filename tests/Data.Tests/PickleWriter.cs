using System.Buffers.Binary;
using System.Text;

namespace ReSTE.Native.Data.Tests;

/// <summary>Writes pickles of protocol 2 opcode by opcode, as Python 2's writer did for CIFAR-10, memo entries included.</summary>
internal sealed class PickleWriter
{
    private const int RunOfItems = 1000;
    private readonly List<byte> _bytes = [];
    private int _memo;

    /// <summary>A batch as the official files have it; the data has as many rows as there are labels, or <paramref name="rows"/>.</summary>
    public static byte[] Batch(
        byte[] planes, byte[] labels, int? rows = null, string module = "numpy.core.multiarray", int? names = null,
        string title = "training batch 1 of 5") =>
        new PickleWriter().Raw(0x80, 2).Raw('}').Put().Raw('(')
            .Text("batch_label").Text(title)
            .Text("labels").Labels(labels)
            .Text("data").Array(planes, rows ?? labels.Length, module)
            .Text("filenames").Names(names ?? labels.Length)
            .Raw('u').Raw('.').ToArray();

    /// <summary>A batch of CIFAR-100, entries in another order, as a dictionary of Python 2 has none.</summary>
    public static byte[] Batch100(byte[] planes, byte[] fine, byte[] coarse, string labels = "fine_labels", int? names = null,
        string title = "training batch 1 of 1") =>
        new PickleWriter().Raw(0x80, 2).Raw('}').Put().Raw('(')
            .Text("filenames").Names(names ?? fine.Length)
            .Text("batch_label").Text(title)
            .Text(labels).Labels(fine)
            .Text("coarse_labels").Labels(coarse)
            .Text("data").Array(planes, planes.Length / 3072)
            .Raw('u').Raw('.').ToArray();

    public byte[] ToArray() => [.. _bytes];

    public PickleWriter Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleWriter Raw(char opcode) => Raw((byte)opcode);

    public PickleWriter Put()
    {
        int entry = ++_memo;
        return entry < 256 ? Raw((byte)'q', (byte)entry) : Raw('r').Int32(entry);
    }

    public PickleWriter Text(string text) => Raw((byte)'U', (byte)text.Length).Raw(Encoding.ASCII.GetBytes(text)).Put();

    public PickleWriter Global(string module, string name) => Raw('c').Raw(Encoding.ASCII.GetBytes($"{module}\n{name}\n")).Put();

    public PickleWriter Integer(int value) => value switch
    {
        >= 0 and < 256 => Raw((byte)'K', (byte)value),
        >= 0 and < 65536 => Raw((byte)'M', (byte)value, (byte)(value >> 8)),
        _ => Raw('J').Int32(value),
    };

    public PickleWriter Labels(byte[] labels) => Items(labels.Length, i => Integer(labels[i]));

    public PickleWriter Names(int count) => Items(count, i => Text($"image_{i:d6}.png"));

    public PickleWriter Array(byte[] planes, int rows, string module = "numpy.core.multiarray") =>
        Global(module, "_reconstruct").Global("numpy", "ndarray").Integer(0).Raw(0x85).Text("b").Raw(0x87).Raw('R').Put()
            .Raw('(').Integer(1).Integer(rows).Integer(3072).Raw(0x86).Type().Raw(0x89)
            .Raw('T').Int32(planes.Length).Raw(planes).Raw('t').Raw('b');

    private PickleWriter Type() =>
        Global("numpy", "dtype").Text("u1").Integer(0).Integer(1).Raw(0x87).Raw('R').Put()
            .Raw('(').Integer(3).Text("|").Raw('N').Raw('N').Raw('N').Integer(-1).Integer(-1).Integer(0).Raw('t').Raw('b');

    /// <summary>A list in runs of a thousand; a run of one is written with APPEND, as Python does.</summary>
    private PickleWriter Items(int count, Action<int> write)
    {
        Raw(']').Put();
        for (int first = 0; first < count; first += RunOfItems)
        {
            int run = Math.Min(RunOfItems, count - first);
            if (run > 1)
                Raw('(');
            for (int i = first; i < first + run; i++)
                write(i);
            Raw(run > 1 ? 'e' : 'a');
        }

        return this;
    }

    private PickleWriter Int32(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return Raw(bytes);
    }
}
