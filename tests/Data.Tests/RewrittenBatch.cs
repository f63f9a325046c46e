using System.Buffers.Binary;
using System.Text;

namespace ReSTE.Native.Data.Tests;

/// <summary>
/// A batch as Python 3 writes it again, opcode by opcode: protocols 2 and 3 name things by GLOBAL and number their memo, 4 and 5 have
/// frames, names on the stack and MEMOIZE; protocol 5 keeps the array in a buffer of its own.
/// </summary>
internal sealed class RewrittenBatch(int protocol, bool bytesAsKeys, string core)
{
    private readonly List<byte> _bytes = [];
    private int _memo;

    /// <summary>A whole batch.</summary>
    /// <param name="protocol">The protocol, 2 to 5.</param>
    /// <param name="bytesAsKeys">Whether keys and names are bytes, as reading Python 2's file with encoding='bytes' leaves them.</param>
    /// <param name="core">NumPy's inner package: numpy.core before its version 2, numpy._core since.</param>
    /// <param name="planes">The images.</param>
    /// <param name="labels">Their classes.</param>
    public static byte[] Of(int protocol, bool bytesAsKeys, string core, byte[] planes, byte[] labels) =>
        new RewrittenBatch(protocol, bytesAsKeys, core).Whole(planes, labels);

    private byte[] Whole(byte[] planes, byte[] labels)
    {
        Raw((byte)'}').Put().Raw((byte)'(');
        Key("batch_label").Key("training batch 1 of 5").Key("labels").Raw((byte)']').Put().Raw((byte)'(');
        for (int i = 0; i < labels.Length; i++)
            Run(i).Raw((byte)'K', labels[i]);
        Raw((byte)'e').Key("data");
        _ = protocol == 5 ? Buffer(planes, labels.Length) : State(planes, labels.Length);
        Key("filenames").Raw((byte)']').Put().Raw((byte)'(');
        for (int i = 0; i < labels.Length; i++)
            Run(i).Key($"image_{i:d6}.png");
        Raw((byte)'e', (byte)'u', (byte)'.');
        byte[] frame = new byte[9];
        frame[0] = 0x95;
        BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(1), _bytes.Count);
        return [0x80, (byte)protocol, .. protocol >= 4 ? frame : [], .. _bytes];
    }

    /// <summary>Python appends a thousand items at a time.</summary>
    private RewrittenBatch Run(int item) => item > 0 && item % 1000 == 0 ? Raw((byte)'e', (byte)'(') : this;

    /// <summary>_reconstruct(ndarray, (0,), b'b') with the state (1, (rows, 3072), dtype, False, bytes).</summary>
    private RewrittenBatch State(byte[] planes, int rows)
    {
        Name(core + ".multiarray", "_reconstruct").Name("numpy", "ndarray").Raw((byte)'K', 0, 0x85).Put();
        Bytes([(byte)'b']).Raw(0x87).Put().Raw((byte)'R').Put();
        Raw((byte)'(', (byte)'K', 1).Shape(rows).Type().Raw(0x89);
        return Bytes(planes).Raw((byte)'t').Put().Raw((byte)'b');
    }

    /// <summary>_frombuffer(bytearray, dtype, (rows, 3072), 'C').</summary>
    private RewrittenBatch Buffer(byte[] planes, int rows)
    {
        Name(core + ".numeric", "_frombuffer").Raw((byte)'(', 0x96).Size(8, planes.Length).Raw(planes).Put();
        return Type().Shape(rows).Text("C").Raw((byte)'t').Put().Raw((byte)'R').Put();
    }

    private RewrittenBatch Shape(int rows) =>
        (rows < 256 ? Raw((byte)'K', (byte)rows) : Raw((byte)'M').Size(2, rows)).Raw((byte)'M', 3072 & 0xff, 3072 >> 8, 0x86).Put();

    private RewrittenBatch Type() => Name("numpy", "dtype").Text("u1").Raw(0x89, 0x88, 0x87).Put().Raw((byte)'R').Put()
        .Raw((byte)'(', (byte)'K', 3).Text("|").Raw("NNNJ"u8.ToArray()).Size(4, -1).Raw((byte)'J').Size(4, -1).Raw((byte)'K', 0, (byte)'t')
        .Put().Raw((byte)'b');

    private RewrittenBatch Key(string text) => bytesAsKeys ? Bytes(Encoding.ASCII.GetBytes(text)) : Text(text);

    private RewrittenBatch Name(string module, string name) => protocol >= 4
        ? Text(module).Text(name).Raw(0x93).Put()
        : Raw((byte)'c').Raw(Encoding.ASCII.GetBytes($"{module}\n{name}\n")).Put();

    private RewrittenBatch Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        _ = protocol >= 4 && utf8.Length < 256 ? Raw(0x8c, (byte)utf8.Length) : Raw((byte)'X').Size(4, utf8.Length);
        return Raw(utf8).Put();
    }

    /// <summary>Protocol 2 has no opcode for bytes: Python 3 writes a call that makes them of a text.</summary>
    private RewrittenBatch Bytes(byte[] bytes)
    {
        if (protocol == 2)
            return Name("_codecs", "encode").Text(Encoding.Latin1.GetString(bytes)).Text("latin1").Raw(0x86).Put().Raw((byte)'R').Put();
        _ = bytes.Length < 256 ? Raw((byte)'C', (byte)bytes.Length) : Raw((byte)'B').Size(4, bytes.Length);
        return Raw(bytes).Put();
    }

    private RewrittenBatch Put() => protocol >= 4 ? Raw(0x94) : Raw((byte)'r').Size(4, _memo++);

    private RewrittenBatch Size(int bytes, long value)
    {
        for (int i = 0; i < bytes; i++)
            _bytes.Add((byte)(value >> (8 * i)));
        return this;
    }

    private RewrittenBatch Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }
}
