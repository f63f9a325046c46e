using System.IO.Compression;
using ReSTE.Native.Datasets;

namespace ReSTE.Native.Data.Tests;

public sealed class CifarArchiveDamageTests : IDisposable
{
    private const string First = "cifar-10-batches-py/data_batch_1", Folder = "cifar-10-batches-py/";
    private static readonly (string Name, byte[] Bytes)[] Members = OfficialMembers.Python10();
    private static readonly byte[] Good = ArchiveWriter.TarGz(Members);
    private static readonly byte[] Batch = Members[0].Bytes;

    private readonly TemporaryFolder _folder = new();

    /// <summary>What is wrong, the tar archive before compression, and what the message must say.</summary>
    public static TheoryData<string, byte[], string[]> DamagedTars => new()
    {
        { "text", [.. Enumerable.Repeat((byte)'x', 3000)], ["no tar header at byte 0"] },
        { "less than a header", new byte[511], ["no tar archive"] },
        { "no members", new byte[1024], ["holds no batch"] },
        { "other members only", Tar(("readme.txt", [1])), ["holds no batch", First] },
        { "a missing batch", Tar(Members[..5]), ["no member 'cifar-10-batches-py/test_batch'"] },
        { "no end", ArchiveWriter.Member(First, Batch), ["ends without"] },
        { "a cut header", [.. ArchiveWriter.Member(First, Batch), .. new byte[100]], ["ends without"] },
        { "a cut batch", ArchiveWriter.Member(First, Batch)[..2000], [First, "cut short"] },
        { "a cut other member", ArchiveWriter.Member("readme", [1], 5000), ["'readme'", "cut short"] },
        { "a member twice", Tar([Members[0], .. Members]), [First, "twice"] },
        { "a member that climbs out", Raw("../data_batch_1"), ["'../data_batch_1'", "climbs out"] },
        { "one that does so later", Raw(Folder + "../../data_batch_1"), ["climbs out"] },
        { "an absolute member", Raw("/data/cifar10/" + First), ["climbs out"] },
        { "one of another system", Raw("..\\data_batch_1"), ["climbs out"] },
        { "a link", Raw(First, '2', []), [First, "a link"] },
        { "a hard link", Raw(First, '1', []), [First, "a link"] },
        { "a device", Raw(First, '3', []), [First, "a device"] },
        { "a folder", Raw(First, '5', []), [First, "a folder"] },
        { "a link with content", Raw("elsewhere", '2'), ["'elsewhere'", "a link"] },
        { "a member of unknown kind", Raw(First, 'S'), [First, "expected"] },
        { "an empty batch", Raw(First, '0', []), [First, "empty"] },
        { "a name of control bytes", Raw("../\n\u001b[31m"), ["'../??[31m'"] },
        { "a name that fills its field", Raw("../" + new string('n', 97)), ["climbs out"] },
        { "a batch larger than any", ArchiveWriter.Member(First, Batch, 1L << 32), [First, "4294967296 bytes where at most 50331648"] },
        { "a batch a byte too large", ArchiveWriter.Member(First, Batch, (48 << 20) + 1), [First, "50331649"] },
        { "a long name longer than any", ArchiveWriter.Member("././@LongLink", Batch, 1L << 32, 'L'), ["cut short"] },
        { "a damaged batch", Tar([(First, Batch[..^1]), .. Members[1..]]), [First, "byte"] },
        { "label 10", Tar([(First, PickleWriter.Batch(new byte[2 * 3072], [1, 10])), .. Members[1..]]), [First, "the integer 10"] },
    };

    /// <summary>What is wrong, the file, and what the message must say.</summary>
    public static TheoryData<string, byte[], string[]> DamagedFiles => new()
    {
        { "empty", [], ["empty"] },
        { "a byte", [0x1f], ["neither a gzip file nor a tar archive"] },
        { "text", "hello, hello, hello"u8.ToArray(), ["neither a gzip file nor a tar archive"] },
        { "gzip's first bytes", Good[..10], ["gzip"] },
        { "zeros after them", [.. Good[..10], .. new byte[100]], ["gzip"] },
        { "nothing compressed", [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, .. new byte[8]], ["no tar archive"] },
        { "an unknown method", [0x1f, 0x8b, 7, .. Good[3..]], ["gzip"] },
        { "without its last byte", Good[..^1], ["gzip"] },
        { "without its sums", Good[..^8], ["gzip"] },
        { "all its content without an end", ArchiveWriter.GZipWithoutEnd(Tar(Members)), ["no intact gzip"] },
        { "a wrong sum", Changed(Good, Good.Length - 8), ["gzip"] },
        { "a wrong size", Changed(Good, Good.Length - 4), ["gzip"] },
        { "bytes after its end", [.. Good, 0], ["something else follows it"] },
        { "itself twice", [.. Good, .. Good], ["something else follows the tar archive"] },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(DamagedTars))]
    public void A_damaged_tar_is_refused_in_one_line_that_names_archive_and_member(string what, byte[] tar, string[] says)
    {
        string path = _folder.Write("cifar-10-python.tar.gz", ArchiveWriter.GZip(tar));
        Assert.NotEmpty(what);
        Refusals.AssertRefused(() => Datasets.Open("cifar10", _folder.Path), [path, .. says]);
    }

    [Theory]
    [MemberData(nameof(DamagedFiles))]
    public void A_damaged_gzip_is_refused_in_one_line_that_names_it(string what, byte[] file, string[] says)
    {
        string path = _folder.Write("archive", file);
        Assert.NotEmpty(what);
        Refusals.AssertRefused(() => Datasets.Open("cifar10", path), [path, .. says]);
    }

    [Fact]
    public void An_archive_cut_anywhere_is_refused()
    {
        for (int length = 0; length < Good.Length; length += length is < 100 || length > Good.Length - 100 ? 1 : 997)
        {
            string path = _folder.Write("cut", Good[..length]);
            Refusals.AssertRefused(() => Datasets.Open("cifar10", path), path);
        }
    }

    [Fact]
    public void A_path_that_is_not_there_is_refused()
    {
        string path = Path.Combine(_folder.Path, "no-such.tar.gz");
        Refusals.AssertRefused(() => Datasets.Open("cifar10", path), path, "cifar-10-python.tar.gz", "cifar-10-binary.tar.gz");
    }

    [Theory]
    [InlineData("cifar-10-batches-py/extra")]
    [InlineData(First)]
    public void A_bomb_is_left_as_soon_as_it_holds_too_much(string name)
    {
        // 1 GiB of zeros in 4.5 MB, after a header that claims as much.
        string path = Path.Combine(_folder.Path, "bomb");
        using (var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest))
        {
            gzip.Write(ArchiveWriter.Member(name, [], 1L << 30));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 1024; i++)
                gzip.Write(zeros);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread();
        string says = name == First ? "claims 1073741824 bytes" : "more than 303038464 bytes";
        Refusals.AssertRefused(() => Datasets.Open("cifar10", path), path, says);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 300_000);
    }

    [Fact]
    public void A_claim_costs_no_more_than_what_is_there()
    {
        string path = _folder.Write("claim", ArchiveWriter.GZip(ArchiveWriter.Member(First, Batch, 48 << 20)));
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        Refusals.AssertRefused(() => Datasets.Open("cifar10", path), "cut short");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 300_000);
    }

    [Theory]
    [InlineData("cifar100", "CIFAR-10 where CIFAR-100")]
    [InlineData("cifar10", "CIFAR-100 where CIFAR-10")]
    public void An_archive_of_the_other_set_is_named(string set, params string[] says)
    {
        foreach (var members in set == "cifar100" ? [OfficialMembers.Python10(), OfficialMembers.Binary10()]
            : new[] { OfficialMembers.Python100(), OfficialMembers.Binary100() })
        {
            string path = _folder.Write("other.tar.gz", ArchiveWriter.TarGz(members));
            Refusals.AssertRefused(DatasetFault.OtherDataset, () => Datasets.Open(set, path), [path, .. says]);
            var refusal = Assert.Throws<DatasetException>(() => Datasets.Open(set, path));
            Assert.Equal((path, set == "cifar10" ? "cifar100" : "cifar10"), (refusal.File, refusal.Dataset));
        }
    }

    private static byte[] Tar(params (string Name, byte[] Bytes)[] members) =>
        ArchiveWriter.Tar([.. members.Select(member => ArchiveWriter.Member(member.Name, member.Bytes))]);

    private static byte[] Raw(string name, char type = '0', byte[]? content = null) =>
        ArchiveWriter.Tar(ArchiveWriter.Member(name, content ?? Batch, type: type));

    private static byte[] Changed(byte[] bytes, int at) => [.. bytes[..at], (byte)(bytes[at] ^ 1), .. bytes[(at + 1)..]];
}
