namespace ReSTE.Native.Randomness;

/// <summary>
/// Philox 4x32-10, a counter-based generator (Salmon et al., SC 2011): word i of stream s under seed k is a pure function of (k, s, i),
/// so workers, resumes and devices cannot change what a sample looks like.
/// </summary>
internal static class Philox
{
    /// <summary>What every round multiplies by, and what it adds to the key.</summary>
    public const uint MultiplierA = 0xD2511F53, MultiplierB = 0xCD9E8D57, WeylA = 0x9E3779B9, WeylB = 0xBB67AE85;

    /// <summary>Rounds of a block.</summary>
    public const int Rounds = 10;

    /// <summary>The block of four words at a counter under a key.</summary>
    public static (uint X, uint Y, uint Z, uint W) Block((uint X, uint Y, uint Z, uint W) counter, (uint X, uint Y) key)
    {
        var (x, y, z, w) = counter;
        var (keyX, keyY) = key;
        for (int round = 0; round < Rounds; round++)
        {
            ulong productA = (ulong)MultiplierA * x, productB = (ulong)MultiplierB * z;
            (x, y, z, w) = ((uint)(productB >> 32) ^ y ^ keyX, (uint)productB, (uint)(productA >> 32) ^ w ^ keyY, (uint)productA);
            keyX += WeylA;
            keyY += WeylB;
        }

        return (x, y, z, w);
    }

    /// <summary>The block of a stream under a seed for one (epoch, index): the form everything in a training run uses.</summary>
    public static (uint X, uint Y, uint Z, uint W) Block(ulong seed, RandomStream stream, uint epoch, ulong index) =>
        Block(((uint)index, (uint)(index >> 32), epoch, (uint)stream), ((uint)seed, (uint)(seed >> 32)));

    /// <summary>Maps a word to [0, bound) by multiply and shift; the bias is below bound / 2^32.</summary>
    public static int Below(uint word, int bound) => (int)(((ulong)word * (uint)bound) >> 32);

    /// <summary>Maps a word to (0, 1), never 0 and never 1.</summary>
    public static double Unit(uint word) => (word + 0.5) * (1.0 / 4294967296.0);
}
