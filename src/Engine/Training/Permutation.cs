using ReSTE.Native.Randomness;

namespace ReSTE.Native.Training;

/// <summary>
/// The order of an epoch's training images: a Fisher-Yates shuffle whose draws depend on (seed, epoch, position) alone, and on what it is
/// for.
/// </summary>
internal static class Permutation
{
    /// <summary>0 to count - 1, shuffled.</summary>
    public static int[] Of(int count, ulong seed, int epoch, RandomStream stream = RandomStream.Permutation)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            var (word, _, _, _) = Philox.Block(seed, stream, (uint)epoch, (ulong)i);
            int other = Philox.Below(word, i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }

        return order;
    }
}
