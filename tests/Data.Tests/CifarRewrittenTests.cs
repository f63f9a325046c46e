using ReSTE.Native.Data.Cifar;
using ReSTE.Native.Datasets;

namespace ReSTE.Native.Data.Tests;

/// <summary>Batches that Python 3 has written again, by any protocol and NumPy.</summary>
public sealed class CifarRewrittenTests
{
    private static readonly byte[] s_planes = CifarFixture.Planes(3, 1);
    private static readonly byte[] s_labels = CifarFixture.Labels(3, 1);

    public static TheoryData<int, bool, string> Writers => new MatrixTheoryData<int, bool, string>(
        [2, 3, 4, 5], [false, true], ["numpy.core", "numpy._core"]);

    [Theory]
    [MemberData(nameof(Writers))]
    public void A_rewritten_batch_is_the_batch_it_was(int protocol, bool bytesAsKeys, string core)
    {
        byte[] file = RewrittenBatch.Of(protocol, bytesAsKeys, core, s_planes, s_labels);
        CifarBatch batch = CifarPickle.Parse(file, "batch", Cifar10.Set);
        Assert.Equal(s_labels, batch.Labels);
        Assert.Equal("training batch 1 of 5", batch.Title);
        byte[] pixels = new byte[CifarFixture.ImageBytes];
        for (int image = 0; image < s_labels.Length; image++)
        {
            batch.CopyTo(image, pixels);
            for (int at = 0; at < pixels.Length; at++)
                Assert.Equal(s_planes[image * 3072 + at % 3 * 1024 + at / 3], pixels[at]);
        }
    }

    [Fact]
    public void A_set_with_a_rewritten_batch_opens_and_says_that_it_is_not_the_official_one()
    {
        using var folder = new TemporaryFolder();
        CifarFixture.WritePython(folder, "cifar-10-batches-py");
        folder.Write("cifar-10-batches-py/data_batch_1", RewrittenBatch.Of(5, false, "numpy._core", s_planes, s_labels));
        var data = Datasets.Open("cifar10", folder.Path);
        Assert.Equal(3 + 3 + 4 + 5 + 6, data.Train.Count);
        Assert.Contains(data.Notices, notice => notice.Contains("is not the official CIFAR-10", StringComparison.Ordinal));
    }

    // Bytes as text of protocol 2 take half as much again: more than any official batch has.
    [Fact]
    public void A_rewritten_batch_of_full_size_is_read_out_of_an_archive()
    {
        const int Images = 10_000;
        byte[] planes = new byte[Images * CifarFixture.ImageBytes], labels = new byte[Images];
        new Random(1).NextBytes(planes);
        byte[] batch = RewrittenBatch.Of(2, false, "numpy.core", planes, labels);
        Assert.True(batch.Length > Cifar10.Set.Python.Files[0].MostBytes, "it is as small as an official one");
        using var folder = new TemporaryFolder();
        var members = OfficialMembers.Python10();
        members[Array.FindIndex(members, member => member.Name.EndsWith("data_batch_1", StringComparison.Ordinal))].Bytes = batch;
        string path = folder.Write("cifar-10-python.tar.gz", ArchiveWriter.TarGz(members));
        var (train, _, _) = Datasets.Open("cifar10", path);
        Assert.Equal(Images + 3 + 4 + 5 + 6, train.Count);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Damage_to_a_rewritten_batch_is_refused(int protocol)
    {
        byte[] good = RewrittenBatch.Of(protocol, false, "numpy._core", s_planes, s_labels);
        Refusals.AssertRefused(DatasetFault.Damaged, () => Parse(good[..^1]), "batch: byte ");
        Refusals.AssertRefused(DatasetFault.Damaged, () => Parse(Replaced(good, "u1"u8, "i8"u8)), "something else than bytes");
        Refusals.AssertRefused(DatasetFault.Damaged, () => Parse(Replaced(good, "numpy._core"u8, "numpy_.core"u8)), "numpy_.core");
        Refusals.AssertRefused(DatasetFault.Damaged, () => Parse(Replaced(good, [0x4b, 3, 0x4d, 0, 12], [0x4b, 2, 0x4d, 0, 12])),
            "2 x 3072");
    }

    private static CifarBatch Parse(byte[] file) => CifarPickle.Parse(file, "batch", Cifar10.Set);

    private static byte[] Replaced(byte[] file, ReadOnlySpan<byte> old, ReadOnlySpan<byte> now)
    {
        int at = file.AsSpan().IndexOf(old);
        Assert.True(at > 0);
        return [.. file[..at], .. now, .. file[(at + old.Length)..]];
    }
}
