using System.Formats.Tar;
using System.IO.Compression;
using ReSTE.Native.Datasets;

namespace ReSTE.Native.Data.Tests;

/// <summary>Whole data packed otherwise than the official archives: read, or named for what they are.</summary>
public sealed class CifarPackingTests : IDisposable
{
    private static readonly (string Name, byte[] Bytes)[] s_members = OfficialMembers.Python10();
    private static readonly byte[] s_tar = ArchiveWriter.Tar(TarEntryFormat.Ustar, s_members);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cifar-10-python.tar", false)]
    [InlineData("cifar-10-python.tar.gz", false)]
    [InlineData("cifar-10-python.tgz", true)]
    [InlineData("cifar-10-binary.tar", true)]
    public void An_archive_is_found_and_read_packed_or_not(string name, bool zipped)
    {
        string path = _folder.Write(name, zipped ? ArchiveWriter.GZip(s_tar) : s_tar);
        AssertRead(path);
        AssertRead(_folder.Path);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(4096)]
    [InlineData(65536)]
    public void A_gzip_of_several_members_is_read(int bytes)
    {
        byte[] tar = bytes == 1 ? s_tar[..3000] : s_tar;
        byte[] file = [.. tar.Chunk(bytes).SelectMany(chunk => ArchiveWriter.GZip(chunk)), .. ArchiveWriter.GZip(s_tar[tar.Length..])];
        AssertRead(_folder.Write("members.gz", file));
    }

    [Fact]
    public void A_gzip_of_several_members_with_an_empty_one_is_read() =>
        AssertRead(_folder.Write("members.gz", [.. ArchiveWriter.GZip([]), .. ArchiveWriter.GZip(s_tar), .. ArchiveWriter.GZip([])]));

    [Fact]
    public void A_gzip_of_several_members_cut_anywhere_is_refused()
    {
        byte[] file = [.. s_tar.Chunk(20_000).SelectMany(chunk => ArchiveWriter.GZip(chunk, CompressionLevel.NoCompression))];
        for (int length = 0; length < file.Length; length += length > file.Length - 100 ? 1 : 1009)
            Refusals.AssertRefused(() => Datasets.Open("cifar10", _folder.Write("cut", file[..length])), "cut");
    }

    [Fact]
    public void A_damaged_member_of_several_is_refused()
    {
        byte[] first = ArchiveWriter.GZip(s_tar[..10_000]), last = ArchiveWriter.GZip(s_tar[10_000..]);
        foreach (int at in (int[])[1, 3, first.Length - 8, first.Length - 1, first.Length, first.Length + 1])
        {
            byte[] file = [.. first, .. last];
            file[at] ^= 0x80;
            Refusals.AssertRefused(() => Datasets.Open("cifar10", _folder.Write("damaged", file)), "damaged");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(512)]
    [InlineData(700)]
    public void A_tar_that_is_cut_short_or_goes_on_after_its_end_is_refused(int length)
    {
        byte[] whole = ArchiveWriter.Tar([.. s_members.Select(member => ArchiveWriter.Member(member.Name, member.Bytes))]);
        Refused("cut.tar", whole[..length], "cut.tar");
        Refused("cut.tar", whole[..^(1024 + length)], "cut.tar");
        if (length > 0)
            Refused("more.tar", [.. whole, .. whole[..length]], "something else follows the tar archive");
    }

    public static TheoryData<byte[], string, string> Foreign => new()
    {
        { [.. "PK\u0003\u0004"u8, .. new byte[100]], "a zip archive", "unpack it" },
        { [.. "PK\u0005\u0006"u8, .. new byte[18]], "a zip archive", "unpack it" },
        { [0xfd, .. "7zXZ\0"u8, .. new byte[100]], "an xz file", "unpack it" },
        { [.. "BZh91AY&SY"u8], "a bzip2 file", "unpack it" },
        { [0x28, 0xb5, 0x2f, 0xfd, 0], "a zstd file", "unpack it" },
        { [.. "7z"u8, 0xbc, 0xaf, 0x27, 0x1c, 0], "a 7-zip archive", "unpack it" },
        { [.. "Rar!"u8, 0x1a, 7, 1, 0], "a rar archive", "unpack it" },
        { [.. "MATLAB 5.0 MAT-file, Platform: GLNXA64"u8], "a MATLAB file", "get the Python or the binary version" },
        { [.. "PAR1"u8, .. new byte[100]], "a Parquet file", "get the Python or the binary version" },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public void What_is_not_read_is_named_for_what_it_is(byte[] file, string what, string advice)
    {
        string path = _folder.Write("cifar-10-python.zip", file);
        foreach (string given in (string[])[path, _folder.Path])
        {
            var refusal = Assert.Throws<DatasetException>(() => Datasets.Open("cifar10", given));
            Assert.StartsWith($"{path}: it is {what}", refusal.Message, StringComparison.Ordinal);
            Assert.Contains(advice, refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("damaged", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("cifar10", "cifar-10-batches-py/data_batch_1")]
    [InlineData("cifar10", "cifar-10-batches-bin/test_batch.bin")]
    [InlineData("cifar100", "cifar-100-python/train")]
    [InlineData("cifar100", "cifar-100-binary/test.bin")]
    public void A_single_batch_is_named_for_what_it_is(string set, string name)
    {
        CifarFixture.WriteBoth(_folder);
        Cifar100Fixture.WriteBoth(_folder);
        string path = Path.Combine(_folder.Path, name), renamed = _folder.Write("renamed", File.ReadAllBytes(path));
        Refusals.AssertRefused(() => Datasets.Open(set, path), path, "it is a single batch", "give the folder that holds every batch");
        Refusals.AssertRefused(() => Datasets.Open(set, renamed), renamed, "it is a single batch");
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("", true)]
    [InlineData("cifar-10-batches-py", false)]
    [InlineData("cifar-10-batches-py", true)]
    public void A_half_unpacked_folder_beside_its_archive_gives_way_to_it(string given, bool cut)
    {
        string archive = HalfUnpacked("cifar-10-python.tar.gz", ArchiveWriter.GZip(s_tar), cut), path = Path.Combine(_folder.Path, given);
        AssertRead(path);
        string notice = Datasets.Open("cifar10", path).Notices[0];
        Assert.EndsWith($"{(cut ? "damaged" : "missing")}: {archive} is read instead", notice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cifar-10-python.zip")]
    [InlineData("other.tar.gz")]
    public void A_half_unpacked_folder_without_such_an_archive_is_refused(string name)
    {
        HalfUnpacked(name, [.. "PK\u0003\u0004"u8], cut: false);
        Refusals.AssertRefused(() => Datasets.Open("cifar10", _folder.Path), "data_batch_4", "missing");
    }

    [Fact]
    public void A_batch_of_another_title_does_not_give_way_to_an_archive()
    {
        foreach (var (name, bytes) in s_members)
            _folder.Write(name, bytes);
        string path = _folder.Write("cifar-10-batches-py/test_batch", CifarFixture.Pickle(9, 9));
        _folder.Write("cifar-10-python.tar.gz", ArchiveWriter.GZip(s_tar));
        Refusals.AssertRefused(() => Datasets.Open("cifar10", _folder.Path), path, "calls itself");
    }

    [Fact]
    public void A_whole_folder_beside_an_archive_is_read_without_a_word_about_it()
    {
        foreach (var (name, bytes) in s_members)
            _folder.Write(name, bytes);
        _folder.Write("cifar-10-python.tar.gz", [1, 2, 3]);
        Assert.Single(Datasets.Open("cifar10", _folder.Path).Notices);
    }

    private void Refused(string name, byte[] file, string says) =>
        Refusals.AssertRefused(() => Datasets.Open("cifar10", _folder.Write(name, file)), says);

    private string HalfUnpacked(string name, byte[] archive, bool cut)
    {
        foreach (var (member, bytes) in s_members[..3])
            _folder.Write(member, bytes);
        if (cut)
        {
            foreach (var (member, bytes) in s_members[3..6])
                _folder.Write(member, bytes[..(bytes.Length / 2)]);
        }

        return _folder.Write(name, archive);
    }

    private static void AssertRead(string path)
    {
        var (train, test, _) = Datasets.Open("cifar10", path);
        Assert.Equal((20, 7), (train.Count, test.Count));
        Assert.Equal(CifarFixture.Planes(7, 5)[0], Images.At(test, 0).Pixels[0]);
    }
}
