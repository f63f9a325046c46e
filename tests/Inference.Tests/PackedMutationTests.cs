using System.Diagnostics;
using System.Security.Cryptography;
using ReSTE.Native.Data.Tests.Mutations;
using ReSTE.Native.Packed;

namespace ReSTE.Native.Inference.Tests;

/// <summary>Files that are damaged, each read correctly or refused in one line. RESTE_MUTATIONS=N damages N of them.</summary>
public class PackedMutationTests
{
    private const int Usual = 2000, MostImageBytes = 10_000, Checksum = SHA256.HashSizeInBytes, Seed = 20261127;

    private static readonly byte[] s_good = PackedFile.Write(new EveryLayer(1).Residual(8, 3, 3, wholeReals: true));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_damaged_file_is_read_or_refused_in_one_line(bool mendsChecksum)
    {
        int count = int.TryParse(Environment.GetEnvironmentVariable("RESTE_MUTATIONS"), out int asked) && asked > 0 ? asked / 2 + 1 : Usual;
        var random = new Random(Seed);
        var (anywhere, inHeader) = (new Mutator((r, n) => r.Next(n)), new Mutator((r, n) => r.Next(Math.Min(n, 700))));
        int read = 0, refused = 0;
        double slowest = 0, largest = 0;
        for (int i = 0; read + refused < count; i++)
        {
            byte[] file = (i % 2 == 0 ? anywhere : inHeader).Mutate(s_good, random);
            if (file.AsSpan().SequenceEqual(s_good))
                continue; // One change took another back.
            if (mendsChecksum && file.Length > Checksum)
                SHA256.HashData(file.AsSpan(..^Checksum), file.AsSpan(file.Length - Checksum));
            long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
            var (network, problem) = Read(file);
            largest = Math.Max(largest, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)s_good.Length);
            Run(network);
            slowest = Math.Max(slowest, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            Assert.DoesNotContain('\n', problem ?? "");
            (read, refused) = problem == null ? (read + 1, refused) : (read, refused + 1);
        }

        string line = FormattableString.Invariant($"packed files, seed {Seed}: {read} read, {refused} refused, ") +
            FormattableString.Invariant($"slowest {slowest:f1} ms, largest allocation {largest:f2} times the file");
        // The output of tests that pass is not shown; who asks for a number wants to see what came of it.
        if (Environment.GetEnvironmentVariable("RESTE_MUTATIONS") is not null)
            Console.WriteLine(line);
        Assert.True(refused > 0);
        Assert.True(mendsChecksum ? read > 0 : read == 0, $"{read} were read");
    }

    private static (PackedNetwork? Network, string? Problem) Read(byte[] file)
    {
        try
        {
            return (PackedFile.Read(file), null);
        }
        catch (PackedException refused)
        {
            return (null, refused.Message);
        }
    }

    // Whatever was read runs within its memory: some of its weights are other ones, and it may be of another size.
    private static void Run(PackedNetwork? network)
    {
        if (network == null || network.Input.Bytes > MostImageBytes)
            return;
        using var model = BinaryModel.Of(network, threads: 1, Simd.VectorWidth.Widest);
        model.Predict(new byte[model.ImageBytes]);
    }
}
