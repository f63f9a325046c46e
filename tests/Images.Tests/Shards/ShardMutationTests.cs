using ReSTE.Native.Data.Tests.Mutations;
using ReSTE.Native.Datasets;

namespace ReSTE.Native.Images.Tests.Shards;

/// <summary>
/// Random damage to Parquet files: each is read or refused with a <see cref="DatasetException"/>, within a time and in little memory.
/// RESTE_MUTATIONS=N damages N of them.
/// </summary>
public sealed class ShardMutationTests : IDisposable
{
    private const int Seed = 20260711, Usual = 400;

    // Of one file: far below what a header can claim, and above what reading an image of this size takes.
    private const long MostBytes = 8L << 20;

    // Of a file that is read in milliseconds, on a machine with much else to do.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly string[] s_names = ["validation-00000-of-00001", "train-00001-of-00002"];

    private readonly TemporaryFolder _folder = new();

    private static int Count =>
        int.TryParse(Environment.GetEnvironmentVariable("RESTE_MUTATIONS"), out int count) && count > 0 ? count : Usual;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Damage_is_refused_or_read()
    {
        var random = new Random(Seed);
        // Of three places one lies in the footer, and one in the first page's header and where its content begins.
        var mutator = new Mutator((r, count) => r.Next(3) switch
        {
            0 => count - 1 - r.Next(Math.Min(count, 700)),
            1 => r.Next(Math.Min(count, 60)),
            _ => r.Next(count),
        });
        string shards = Path.Combine(AppContext.BaseDirectory, "reference-data", "parquet", "photographs", "data");
        byte[][] whole = [.. s_names.Select(name => File.ReadAllBytes(Path.Combine(shards, name + ".parquet")))];
        _folder.Write("test.parquet", whole[0]);
        int read = 0, refused = 0;
        long most = 0;
        for (int i = 0; i < Count; i++)
        {
            byte[] content = mutator.Mutate(whole[i % whole.Length], random);
            _folder.Write("train.parquet", content);
            var (isRead, bytes) = Finished(() => TryRead($"seed {Seed}, mutation {i}"), $"seed {Seed}, mutation {i}");
            (read, refused) = isRead ? (read + 1, refused) : (read, refused + 1);
            most = Math.Max(most, bytes);
            Assert.True(bytes <= MostBytes, $"seed {Seed}, mutation {i}: {bytes} bytes");
        }
        string line = $"Parquet files, seed {Seed}: {read} read, {refused} refused, most bytes {most}";
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        // The output of tests that pass is not shown; who asks for a number wants to see what came of it.
        if (Environment.GetEnvironmentVariable("RESTE_MUTATIONS") is not null)
            Console.WriteLine(line);
        Assert.True(read > Count / 20 && refused > Count / 10, $"{read} read, {refused} refused");
    }

    /// <summary>Whether it is read, and the bytes that this thread allocated: everything is read on it.</summary>
    private (bool IsRead, long Bytes) TryRead(string where)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        return (IsRead(where), GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private bool IsRead(string where)
    {
        try
        {
            var data = ParquetImages.Open(_folder.Path, new ImageFolderOptions { Side = 32, ShortSide = 36 });
            for (int i = 0; i < data.Train.Count; i++)
                Drawn.At(data.Train, i);
            return true;
        }
        catch (DatasetException refusal)
        {
            Assert.False(refusal.Message.Any(char.IsControl), $"{where}: {refusal.Message}");
            return false;
        }
        catch (Exception other)
        {
            throw new InvalidOperationException($"{where}: {other.GetType()}", other);
        }
    }

    // One that hangs is left behind.
    private static T Finished<T>(Func<T> read, string where)
    {
        var reading = Task.Run(read);
        Assert.True(reading.Wait(s_patience), $"{where}: not done within {s_patience}");
        return reading.Result;
    }
}
