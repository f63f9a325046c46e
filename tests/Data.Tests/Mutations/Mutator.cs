namespace ReSTE.Native.Data.Tests.Mutations;

/// <summary>Damages bytes at places that <paramref name="position"/> draws, given how many there are.</summary>
internal sealed class Mutator(Func<Random, int, int> position)
{
    private const int LongestPiece = 9;

    /// <summary>One to three of: a flipped bit, another byte, a cut end, a piece copied to elsewhere, a piece removed.</summary>
    public byte[] Mutate(byte[] good, Random random)
    {
        List<byte> bytes = [.. good];
        for (int n = random.Next(1, 4); n > 0 && bytes.Count > 1; n--)
        {
            int at = position(random, bytes.Count), length = random.Next(1, LongestPiece);
            switch (random.Next(6))
            {
                case 0 or 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes[at] = (byte)random.Next(256); break;
                case 3: bytes.RemoveRange(at, bytes.Count - at); break;
                case 4: bytes.InsertRange(at, Piece(bytes, position(random, bytes.Count), length)); break;
                default: bytes.RemoveRange(at, Math.Min(length, bytes.Count - at)); break;
            }
        }

        return [.. bytes];
    }

    private static List<byte> Piece(List<byte> bytes, int at, int length) => bytes.GetRange(at, Math.Min(length, bytes.Count - at));
}
