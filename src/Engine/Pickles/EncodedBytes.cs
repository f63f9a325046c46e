using System.Buffers;
using System.Text;

namespace ReSTE.Native.Pickles;

/// <summary>Bytes as Python 3 writes them in protocol 2, which has no opcode for them: a call that makes them of a text.</summary>
internal static class EncodedBytes
{
    /// <summary>The function of that call.</summary>
    public const string Function = "_codecs.encode";

    /// <summary>The bytes, where a value is such a call; any other value as it is.</summary>
    /// <exception cref="PickleException">The call is one that Python does not write for bytes.</exception>
    public static PickleValue Plain(PickleValue value)
    {
        if (value.Call is not { Function.Whole: Function } call)
            return value;
        if (call.Arguments is not [{ Kind: PickleKind.Text } text, var encoding] || !encoding.Is("latin1"))
            throw new PickleException(0, "bytes that are encoded in an unknown manner");
        var source = text.Bytes;
        byte[] bytes = new byte[Characters(source)];
        for (int i = 0, at = 0; at < source.Length; i++)
        {
            if (Rune.DecodeFromUtf8(source[at..], out Rune rune, out int taken) != OperationStatus.Done || rune.Value > byte.MaxValue)
                throw new PickleException(text.Start + at, "a character that stands for no byte");
            bytes[i] = (byte)rune.Value;
            at += taken;
        }

        return PickleValue.Piece(PickleKind.Bytes, bytes, 0, bytes.Length);
    }

    /// <summary>Characters of UTF-8: all its bytes but those that go on with one.</summary>
    private static int Characters(ReadOnlySpan<byte> text)
    {
        int count = 0;
        foreach (byte value in text)
            count += (value & 0xc0) != 0x80 ? 1 : 0;
        return count;
    }
}
