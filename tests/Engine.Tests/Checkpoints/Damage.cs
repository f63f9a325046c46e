namespace ReSTE.Native.Engine.Tests.Checkpoints;

/// <summary>Damages bytes at random: flipped bits, other bytes, cut ends, pieces removed, inserted or copied from elsewhere.</summary>
internal static class Damage
{
    private static readonly byte[] s_telling = [.. "{}[]\",:0123456789-.eE\\u \0"u8];

    /// <summary>One to three edits, half of them among the first <paramref name="head"/> bytes.</summary>
    public static byte[] Of(ReadOnlySpan<byte> valid, int head, Random random)
    {
        List<byte> bytes = [.. valid];
        for (int edits = random.Next(1, 4); edits > 0 && bytes.Count > 1; edits--)
            Edit(bytes, random.Next(2) == 0 ? random.Next(Math.Min(head, bytes.Count)) : random.Next(bytes.Count), random);
        return [.. bytes];
    }

    private static void Edit(List<byte> bytes, int at, Random random)
    {
        int length = Math.Min(bytes.Count - at, random.Next(1, 64));
        switch (random.Next(8))
        {
            case 0:
                bytes.RemoveRange(at, length);
                break;
            case 1:
                bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - length + 1), length));
                break;
            case 2:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 3:
                bytes[at] = (byte)random.Next(256);
                break;
            case 4:
                bytes.Insert(at, s_telling[random.Next(s_telling.Length)]);
                break;
            case 5:
                bytes[at] = s_telling[random.Next(s_telling.Length)];
                break;
            default:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
        }
    }
}
