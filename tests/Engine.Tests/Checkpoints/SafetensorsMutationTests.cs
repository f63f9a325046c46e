using ReSTE.Native.Checkpoints;

namespace ReSTE.Native.Engine.Tests.Checkpoints;

public sealed class SafetensorsMutationTests
{
    private const string FileName = "mutated.safetensors", CountVariable = "RESTE_MUTATIONS";
    private const int Usual = 9000, Seeds = 3;

    // Whatever the bytes, reading gives a file that keeps every rule or refuses; nothing else may escape. RESTE_MUTATIONS=N asks for N
    // mutations in all.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_damage_is_refused_or_harmless(int seed)
    {
        var random = new Random(seed);
        byte[] valid = SafetensorsBytes.Valid();
        int read = 0, refused = 0;
        int rounds = Rounds();
        for (int round = 0; round < rounds; round++)
        {
            byte[] bytes = Mutate(valid, random);
            try
            {
                CheckRules(SafetensorsFile.Read(bytes, FileName), bytes.Length);
                read++;
            }
            catch (CheckpointException)
            {
                refused++;
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {seed}, round {round}: {error}");
            }
        }

        Report($"safetensors, seed {seed}: {read} read, {refused} refused");
        Assert.True(rounds < Usual / Seeds || (read > 100 && refused > 100),
            $"seed {seed}: {read} read, {refused} refused: the damage is too weak or too strong");
    }

    private static int Rounds() =>
        ((int.TryParse(Environment.GetEnvironmentVariable(CountVariable), out int count) && count > 0 ? count : Usual) + Seeds - 1) / Seeds;

    private static void Report(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        // The output of tests that pass is not shown; who asks for a number wants to see what came of it.
        if (Environment.GetEnvironmentVariable(CountVariable) is not null)
            Console.WriteLine(line);
    }

    private static byte[] Mutate(byte[] valid, Random random)
    {
        ReadOnlySpan<byte> telling = "{}[]\",:0123456789-.eE\\u \0"u8;
        List<byte> bytes = [.. valid];
        for (int edits = random.Next(1, 4); edits > 0; edits--)
        {
            int at = random.Next(bytes.Count);
            byte value = random.Next(2) == 0 ? (byte)random.Next(256) : telling[random.Next(telling.Length)];
            switch (random.Next(8))
            {
                case 0:
                    bytes.RemoveAt(at);
                    break;
                case 1:
                    bytes.Insert(at, value);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(1, 64)));
                    bytes.Add(value);
                    break;
                default:
                    bytes[at] = value;
                    break;
            }
        }

        return [.. bytes];
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
