using System.IO.Compression;
using ReSTE.Native.Data.Cifar;

namespace ReSTE.Native.Data.Tests.Mutations;

/// <summary>
/// Archives of both sets in both forms, as one gzip member and as several, damaged as they are; damaged before they are compressed; and
/// not compressed.
/// </summary>
internal static class ArchiveSubjects
{
    public static IEnumerable<MutationSubject> All() => new (CifarSet Set, string Archive)[]
    {
        (Cifar10.Set, "cifar-10-python.tar.gz"), (Cifar10.Set, "cifar-10-binary.tar.gz"),
        (Cifar100.Set, "cifar-100-python.tar.gz"), (Cifar100.Set, "cifar-100-binary.tar.gz"),
    }.SelectMany(archive => Both(archive.Set, archive.Archive));

    private static IEnumerable<MutationSubject> Both(CifarSet set, string archive)
    {
        var members = OfficialMembers.Of(archive);
        byte[] tar = ArchiveWriter.Tar([.. members.Select(member => ArchiveWriter.Member(member.Name, member.Bytes))]);
        byte[] good = ArchiveWriter.GZip(tar);
        byte[] severalMembers = [.. tar.Chunk(tar.Length / 3 + 1).SelectMany(chunk => ArchiveWriter.GZip(chunk))];
        var expected = Read(good, set);
        int[] headers = Headers(members);
        Mutator compressed = new(CompressedPosition), plain = new((random, count) => TarPosition(random, count, headers));

        // What passes gzip's sum is what it was.
        yield return new(
            archive, random => compressed.Mutate(good, random),
            bytes =>
            {
                var batches = Read(bytes, set);
                return where => CheckSame(expected, batches, where);
            },
            Inflated);
        yield return new(
            archive + " of several members", random => compressed.Mutate(severalMembers, random),
            bytes =>
            {
                var batches = Read(bytes, set);
                return where => CheckSame(expected, batches, where);
            },
            Inflated);
        yield return new(
            archive + " damaged before packing", random => ArchiveWriter.GZip(MutateTar(plain, tar, headers, random)),
            bytes => ReadWithinRanges(bytes, set),
            Inflated);
        yield return new(
            archive[..^".gz".Length], random => MutateTar(plain, tar, headers, random),
            bytes => ReadWithinRanges(bytes, set),
            bytes => bytes.Length);
    }

    private static Action<string> ReadWithinRanges(byte[] bytes, CifarSet set)
    {
        var batches = Read(bytes, set);
        return where => Array.ForEach(batches, batch => BatchSubjects.CheckRanges(batch, set, where));
    }

    private static CifarBatch[] Read(byte[] bytes, CifarSet set) =>
        CifarArchive.Read(new MemoryStream(bytes, writable: false), MutationSubject.Path, set).Batches;

    private static void CheckSame(CifarBatch[] expected, CifarBatch[] actual, string where)
    {
        Assert.True(expected.Length == actual.Length, where);
        foreach (var (one, other) in expected.Zip(actual))
        {
            Assert.True(one.Start == other.Start && one.File.AsSpan().SequenceEqual(other.File), where);
            Assert.True(one.Labels.AsSpan().SequenceEqual(other.Labels), where);
        }
    }

    /// <summary>Half of the time the headers' sums are made right again, so that what they say is looked at.</summary>
    private static byte[] MutateTar(Mutator mutator, byte[] tar, int[] headers, Random random)
    {
        byte[] bytes = mutator.Mutate(tar, random);
        if (random.Next(2) == 0)
        {
            foreach (int header in headers.Where(header => header + 512 <= bytes.Length))
                ArchiveWriter.SetSum(bytes.AsSpan(header, 512));
        }

        return bytes;
    }

    private static int[] Headers((string Name, byte[] Bytes)[] members)
    {
        List<int> headers = [0];
        foreach (var (_, bytes) in members)
            headers.Add(headers[^1] + 512 + (bytes.Length + 511) / 512 * 512);
        return [.. headers.SkipLast(1)];
    }

    /// <summary>Mostly gzip's header and its sums.</summary>
    private static int CompressedPosition(Random random, int count) => random.Next(3) switch
    {
        0 => random.Next(Math.Min(count, 12)),
        1 => Math.Max(0, count - 1 - random.Next(12)),
        _ => random.Next(count),
    };

    /// <summary>Mostly a header's name, size, sum, kind or magic.</summary>
    private static int TarPosition(Random random, int count, int[] headers) => random.Next(4) switch
    {
        0 => random.Next(count),
        1 => Math.Min(count - 1, headers[random.Next(headers.Length)] + random.Next(512)),
        2 => Math.Min(count - 1, headers[random.Next(headers.Length)] + random.Next(124, 160)),
        _ => Math.Min(count - 1, headers[random.Next(headers.Length)] + random.Next(40)),
    };

    private static long Inflated(byte[] bytes)
    {
        long total = 0;
        byte[] buffer = new byte[1 << 16];
        try
        {
            using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            for (int read; (read = gzip.Read(buffer)) > 0; total += read)
            {
            }
        }
        catch (InvalidDataException)
        {
        }

        return total;
    }
}
