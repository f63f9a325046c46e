using System.Buffers;
using System.Text;
using ReSTE.Native.Datasets;
using ReSTE.Native.Pickles;

namespace ReSTE.Native.Data.Cifar;

/// <summary>Bytes as Python 3 writes them in protocol 2, which has no opcode for them: a call that makes them of a text.</summary>
internal static class EncodedBytes
{
    /// <summary>The function of that call.</summary>
    public const string Function = "_codecs.encode";

    /// <summary>The bytes, where a value is such a call; any other value as it is.</summary>
    public static PickleValue Plain(PickleValue value, Func<string, DatasetException> damaged)
    {
        if (value.Call is not { Function.Whole: Function } call)
            return value;
        if (call.Arguments is not [{ Kind: PickleKind.Text } text, var encoding] || !encoding.Is("latin1"))
            throw damaged("bytes that are encoded in an unknown manner");
        var source = text.Bytes;
        byte[] bytes = new byte[Characters(source)];
        for (int i = 0, at = 0; at < source.Length; i++)
        {
            if (Rune.DecodeFromUtf8(source[at..], out Rune rune, out int taken) != OperationStatus.Done || rune.Value > byte.MaxValue)
                throw damaged($"byte {text.Start + at}: a character that stands for no byte");
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
