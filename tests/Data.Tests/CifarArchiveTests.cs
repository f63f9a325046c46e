using System.Formats.Tar;
using ReSTE.Native.Datasets;

namespace ReSTE.Native.Data.Tests;

public sealed class CifarArchiveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cifar10", "cifar-10-python.tar.gz")]
    [InlineData("cifar10", "cifar-10-binary.tar.gz")]
    [InlineData("cifar100", "cifar-100-python.tar.gz")]
    [InlineData("cifar100", "cifar-100-binary.tar.gz")]
    public void An_archive_gives_the_images_of_its_unpacked_form(string set, string archive)
    {
        var members = OfficialMembers.Of(archive);
        foreach (var (name, bytes) in members)
            _folder.Write("unpacked/" + name, bytes);
        string path = _folder.Write("packed/" + archive, ArchiveWriter.TarGz(members));
        var unpacked = Datasets.Open(set, Path.Combine(_folder.Path, "unpacked"));
        AssertSame(unpacked, Datasets.Open(set, Path.Combine(_folder.Path, "packed")));
        AssertSame(unpacked, Datasets.Open(set, path));
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(Path.Combine(_folder.Path, "packed")));
    }

    [Theory]
    [InlineData(TarEntryFormat.V7)]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    public void Every_dialect_of_tar_is_read(TarEntryFormat format)
    {
        (string Name, byte[] Bytes)[] members = [.. OfficialMembers.Python10(), ("cifar-10-batches-py/" + new string('n', 75), [1, 2, 3])];
        string path = _folder.Write("any-name", ArchiveWriter.GZip(ArchiveWriter.Tar(format, members)));
        Assert.Equal((20, 7), Counts(path));
    }

    [Fact]
    public void Any_order_and_a_folder_before_every_name_are_read()
    {
        var members = OfficialMembers.Binary10().Reverse().Select(member => ("./" + member.Name, member.Bytes)).ToArray();
        string path = _folder.Write("repacked.tgz", ArchiveWriter.TarGz(members));
        AssertSame(Datasets.Open("cifar10", WriteArchive("python.tgz", OfficialMembers.Python10())), Datasets.Open("cifar10", path));
    }

    [Fact]
    public void Long_names_of_other_members_are_stepped_over()
    {
        (string, byte[])[] long100 = [("cifar-10-batches-py/" + new string('n', 150), new byte[2000]), .. OfficialMembers.Python10()];
        Assert.Equal((20, 7), Counts(_folder.Write("gnu", ArchiveWriter.GZip(ArchiveWriter.Tar(TarEntryFormat.Gnu, long100)))));
        Assert.Equal((20, 7), Counts(_folder.Write("pax", ArchiveWriter.GZip(ArchiveWriter.Tar(TarEntryFormat.Pax, long100)))));
    }

    [Fact]
    public void Of_several_forms_the_one_documented_first_is_taken()
    {
        // Written in reverse, each with another number of test images, so that every one hides those before it.
        WriteArchive("cifar-10-binary.tar.gz", OfficialMembers.Binary10(extra: 1));
        Assert.Equal(6, Counts(_folder.Path).Test);
        WriteArchive("cifar-10-python.tar.gz", OfficialMembers.Python10(extra: 2));
        Assert.Equal(7, Counts(_folder.Path).Test);
        foreach (var (name, bytes) in OfficialMembers.Binary10(extra: 3))
            _folder.Write(Path.GetFileName(name), bytes);
        Assert.Equal(8, Counts(_folder.Path).Test);
        foreach (var (name, bytes) in OfficialMembers.Python10(extra: 4))
            _folder.Write(Path.GetFileName(name), bytes);
        Assert.Equal(9, Counts(_folder.Path).Test);
        foreach (var (name, bytes) in OfficialMembers.Binary10(extra: 5))
            _folder.Write(name, bytes);
        Assert.Equal(10, Counts(_folder.Path).Test);
        foreach (var (name, bytes) in OfficialMembers.Python10(extra: 6))
            _folder.Write(name, bytes);
        Assert.Equal(11, Counts(_folder.Path).Test);
    }

    [Fact]
    public void An_archive_of_both_forms_is_read_by_the_first() =>
        Assert.Equal((15, 6), Counts(WriteArchive("both", [.. OfficialMembers.Binary10(extra: 1), .. OfficialMembers.Python10()])));

    [Fact]
    public void A_read_only_folder_is_enough()
    {
        string path = WriteArchive("cifar-10-python.tar.gz", OfficialMembers.Python10());
        if (OperatingSystem.IsWindows())
            return;
        File.SetUnixFileMode(path, UnixFileMode.UserRead);
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Equal((20, 7), Counts(_folder.Path));
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string WriteArchive(string name, (string, byte[])[] members) => _folder.Write(name, ArchiveWriter.TarGz(members));

    private static (int Train, int Test) Counts(string path)
    {
        var (train, test, _) = Datasets.Open("cifar10", path);
        return (train.Count, test.Count);
    }

    private static void AssertSame(DataSplits expected, DataSplits actual)
    {
        Images.AssertSame(expected.Train, actual.Train);
        Images.AssertSame(expected.Test, actual.Test);
    }
}
