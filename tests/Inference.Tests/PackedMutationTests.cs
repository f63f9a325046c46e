using System.Diagnostics;
using System.Security.Cryptography;
using ReSTE.Native.Data.Tests.Mutations;
using ReSTE.Native.Packed;

namespace ReSTE.Native.Inference.Tests;

/// <summary>Files that are damaged, each read correctly or refused in one line. RESTE_MUTATIONS=N damages N of them.</summary>
public class PackedMutationTests(ITestOutputHelper output)
{
    private const int Usual = 2000, Checksum = SHA256.HashSizeInBytes, Seed = 20261127;

    private static readonly byte[] s_good = PackedFile.Write(new RandomNetworks(1).Residual(8, 3, 3, wholeReals: true));

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
            string? problem = Read(file);
            slowest = Math.Max(slowest, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            largest = Math.Max(largest, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)s_good.Length);
            Assert.DoesNotContain('\n', problem ?? "");
            (read, refused) = problem == null ? (read + 1, refused) : (read, refused + 1);
        }

        output.WriteLine(FormattableString.Invariant($"packed files, seed {Seed}: {read} read, {refused} refused, ") +
            FormattableString.Invariant($"slowest {slowest:f1} ms, largest allocation {largest:f2} times the file"));
        Assert.True(refused > 0);
        Assert.True(mendsChecksum ? read > 0 : read == 0, $"{read} were read");
    }

    private static string? Read(byte[] file)
    {
        try
        {
            PackedNetwork network = PackedFile.Read(file);
            using var model = BinaryModel.Of(network, threads: 1, 256 <= Simd.VectorWidth.Widest ? 256 : 32);
            if (model.ImageBytes < 10000)
                model.Predict(new byte[model.ImageBytes]);
            return null;
        }
        catch (PackedException refused)
        {
            return refused.Message;
        }
    }
}
