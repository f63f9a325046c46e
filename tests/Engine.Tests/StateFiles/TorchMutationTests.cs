using ReSTE.Native.Checkpoints;
using ReSTE.Native.Engine.Tests.Checkpoints;
using ReSTE.Native.StateFiles;

namespace ReSTE.Native.Engine.Tests.StateFiles;

/// <summary>
/// PyTorch files in both forms, damaged at random: each is read within its rules or refused. RESTE_MUTATIONS=N asks for N in all.
/// </summary>
public sealed class TorchMutationTests
{
    private const int Usual = 8000, Cases = 4;

    private static readonly byte[] s_zip = TorchBytes.Valid().Zip(), s_stream = TorchBytes.Valid().Stream();
    private static readonly byte[] s_pickle = TorchBytes.Valid().Pickle();

    // The sums of an archive see nearly everything; what is left are the fields that nobody reads, and the names of other members.
    [Theory]
    [InlineData(1)]
    public void A_damaged_archive_is_refused_or_harmless(int seed) => Run("archives", seed, s_zip.Length, random =>
    {
        byte[] bytes = Damage.Of(s_zip, s_pickle.Length + 100, random);
        return random.Next(2) == 0 ? bytes : Damage.Of(s_zip.AsSpan(), s_zip.Length, random);
    }, leastReadShare: 0.002);

    // Half of the damage is to the directory at the end.
    [Theory]
    [InlineData(2)]
    public void A_damaged_directory_is_refused_or_harmless(int seed) => Run("directories", seed, s_zip.Length, random =>
    {
        int directory = s_zip.Length - 400;
        return [.. s_zip[..directory], .. Damage.Of(s_zip.AsSpan(directory), 400, random)];
    });

    // The sum is that of the damaged pickle, so that what it says is looked at.
    [Theory]
    [InlineData(3)]
    public void A_damaged_pickle_is_refused_or_harmless(int seed) => Run("pickles", seed, s_zip.Length,
        random => TorchBytes.Valid().Zip(Damage.Of(s_pickle, s_pickle.Length, random)));

    [Theory]
    [InlineData(4)]
    public void A_damaged_stream_is_refused_or_harmless(int seed) => Run("streams", seed, s_stream.Length,
        random => Damage.Of(s_stream, s_pickle.Length + 200, random));

    private static void Run(string what, int seed, int size, Func<Random, byte[]> damaged, double leastReadShare = 0.01)
    {
        var random = new Random(seed);
        var tally = new MutationTally($"PyTorch {what}, seed {seed}");
        // What the runtime takes once is not the files' doing.
        Read(s_zip);
        Read(s_stream);
        int count = MutationTally.Count(Usual, Cases);
        for (int round = 0; round < count; round++)
        {
            byte[] bytes = damaged(random);
            tally.Reads(Math.Max(bytes.Length, size / 2), $"round {round}", () => Read(bytes));
        }

        tally.Close((int)(leastReadShare * count), count / 30);
    }

    private static void Read(byte[] bytes)
    {
        StateDictionary file = StateFile.Read([.. bytes], "damaged");
        foreach (StateEntry entry in file.Entries)
        {
            Assert.Equal(entry.Shape.Aggregate(1L, (product, dimension) => checked(product * dimension)), entry.Count);
            Assert.Equal(entry.Count, file.ReadFloat64(entry.Name).Length);
        }
    }
}
