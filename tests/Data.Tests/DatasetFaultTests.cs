using ReSTE.Native.Datasets;

namespace ReSTE.Native.Data.Tests;

/// <summary>What a refusal holds for programs that word it themselves.</summary>
public sealed class DatasetFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_unknown_name_is_of_its_own_kind() => Assert.Equal((DatasetFault.UnknownName, null), Refusal("mnist", _folder.Path));

    [Fact]
    public void Nothing_at_the_path_is_missing_data()
    {
        string path = Path.Combine(_folder.Path, "nowhere");
        Assert.Equal((DatasetFault.Missing, path), Refusal("cifar10", path));
        Assert.Equal((DatasetFault.Unreadable, "a\0b"), Refusal("cifar10", "a\0b"));
    }

    [Fact]
    public void A_file_that_is_not_there_a_folder_in_its_place_and_a_cut_file_are_told_apart()
    {
        CifarFixture.WriteBoth(_folder);
        string path = Path.Combine(_folder.Path, "cifar-10-batches-py", "test_batch");
        File.WriteAllBytes(path, [0x80]);
        Assert.Equal((DatasetFault.Damaged, path), Refusal("cifar10", _folder.Path));
        File.Delete(path);
        Assert.Equal((DatasetFault.Missing, path), Refusal("cifar10", _folder.Path));
        Directory.CreateDirectory(path);
        Assert.Equal((DatasetFault.Unreadable, path), Refusal("cifar10", _folder.Path));
    }

    [Fact]
    public void Another_form_and_another_batch_are_told_apart()
    {
        string zip = _folder.Write("cifar-10-python.zip", "PK\x03\x04"u8.ToArray());
        Assert.Equal((DatasetFault.OtherForm, zip), Refusal("cifar10", zip));
        CifarFixture.WriteBoth(_folder);
        string path = _folder.Write("cifar-10-batches-py/test_batch", CifarFixture.Pickle(9, 9));
        Assert.Equal((DatasetFault.NotWhatItSays, path), Refusal("cifar10", _folder.Path));
    }

    [Fact]
    public void What_a_set_takes_is_known_before_it_is_read()
    {
        CifarFixture.WriteBoth(_folder);
        string python = Path.Combine(_folder.Path, "cifar-10-batches-py");
        long files = CifarFixture.BatchNames.Sum(name => new FileInfo(Path.Combine(python, name)).Length);
        Assert.Equal(files, Datasets.Bytes("cifar10", _folder.Path));
        string archive = _folder.Write("one.tar.gz", new byte[1234]);
        Assert.Equal(1234, Datasets.Bytes("cifar10", archive));
        Assert.Equal(0, Datasets.Bytes("cifar10", Path.Combine(_folder.Path, "nowhere")));
        Assert.Equal(0, Datasets.Bytes("cifar10", "a\0b"));
        Assert.Equal(12_000 * 3072, Datasets.Bytes("shapes", null));
        Assert.Equal((10 + 2_000) * 3072, Datasets.Bytes("shapes", null, 10, 5_000));
        Assert.Throws<DatasetException>(() => Datasets.Bytes("mnist", null));
    }

    private static (DatasetFault Kind, string? File) Refusal(string name, string path)
    {
        var refusal = Assert.Throws<DatasetException>(() => Datasets.Open(name, path));
        return (refusal.Kind, refusal.File);
    }
}
