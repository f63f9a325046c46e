using ReSTE.Native.Checkpoints;

namespace ReSTE.Native.Engine.Tests.Checkpoints;

public sealed class SafetensorsMutationTests
{
    private const string FileName = "mutated.safetensors";

    // Whatever the bytes, reading gives a file that keeps every rule or refuses; nothing else may escape.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_damage_is_refused_or_harmless(int seed)
    {
        var random = new Random(seed);
        byte[] valid = SafetensorsBytes.Valid();
        var tally = new MutationTally("safetensors");
        int count = MutationTally.Count(3000);
        for (int round = 0; round < count; round++)
        {
            byte[] bytes = Damage.Of(valid, valid.Length, random);
            SafetensorsFile? file = null;
            if (tally.Reads(bytes.Length, $"seed {seed}, round {round}", () => file = SafetensorsFile.Read(bytes, FileName)))
                CheckRules(file!, bytes.Length);
        }

        tally.Close(count / 30, count / 30);
    }

    private static void CheckRules(SafetensorsFile file, int length)
    {
        long total = 0;
        foreach (var tensor in file.Tensors)
        {
            Assert.Equal(tensor.Shape.Aggregate(1L, (product, dimension) => checked(product * dimension)), tensor.Count);
            total += file.Data(tensor.Name).Length;
            if (tensor.Type is not (SafetensorsType.F8E4M3 or SafetensorsType.F8E5M2))
                Assert.Equal(tensor.Count, file.ReadFloat64(tensor.Name).Length);
        }

        Assert.InRange(total, 0, length - 8);
    }
}
