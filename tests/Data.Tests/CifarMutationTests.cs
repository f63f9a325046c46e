using System.Diagnostics;
using ReSTE.Native.Data.Cifar;
using ReSTE.Native.Training;

namespace ReSTE.Native.Data.Tests;

public sealed class CifarMutationTests
{
    private const int Seed = 20231003, Mutations = 4000;
    private static readonly byte[] Good = CifarFixture.Pickle(12, 5);

    [Fact]
    public void RandomDamageIsReadOrRefusedAtOnceAndWithinBounds()
    {
        var random = new Random(Seed);
        int read = 0, refused = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] bytes = Mutate(random);
            string where = $"seed {Seed}, mutation {i}";
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            var clock = Stopwatch.StartNew();
            try
            {
                AssertWithin(CifarPickle.Parse(bytes, "mutated_batch"), where);
                read++;
            }
            catch (DatasetException refusal)
            {
                Assert.StartsWith("mutated_batch: ", refusal.Message, StringComparison.Ordinal);
                Refusals.AssertOneLine(refusal.Message);
                refused++;
            }

            Assert.True(clock.ElapsedMilliseconds < 1000, where);
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - allocated < 2 * bytes.Length + 200_000, where);
        }

        Assert.True(read > 0 && refused > Mutations / 4, $"{read} read, {refused} refused: the mutations do not reach both");
    }

    private static void AssertWithin(CifarBatch batch, string where)
    {
        byte[] pixels = new byte[CifarBatch.ImageBytes];
        for (int i = 0; i < batch.Count; i++)
        {
            Assert.True(batch.Labels[i] < 10, where);
            batch.CopyTo(i, pixels);
        }
    }

    /// <summary>One to three of: a flipped bit, another byte, a cut end, a piece copied or removed; mostly outside the pixels.</summary>
    private static byte[] Mutate(Random random)
    {
        List<byte> bytes = [.. Good];
        for (int n = random.Next(1, 4); n > 0 && bytes.Count > 1; n--)
        {
            int at = Position(random, bytes.Count), length = random.Next(1, 9);
            switch (random.Next(5))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes.RemoveRange(at, bytes.Count - at); break;
                case 3: bytes.InsertRange(at, Piece(bytes, Position(random, bytes.Count), length)); break;
                default: bytes.RemoveRange(at, Math.Min(length, bytes.Count - at)); break;
            }
        }

        return [.. bytes];
    }

    private static List<byte> Piece(List<byte> bytes, int at, int length) => bytes.GetRange(at, Math.Min(length, bytes.Count - at));

    private static int Position(Random random, int count) => random.Next(4) switch
    {
        0 => random.Next(count),
        1 => Math.Max(0, count - 1 - random.Next(400)),
        _ => random.Next(Math.Min(count, 330)),
    };
}
