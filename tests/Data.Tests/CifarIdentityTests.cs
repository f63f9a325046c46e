using ReSTE.Native.Data.Cifar;
using ReSTE.Native.Datasets;

namespace ReSTE.Native.Data.Tests;

/// <summary>Whether the batches are those that their files' names say.</summary>
public sealed class CifarIdentityTests : IDisposable
{
    private const string Python = "cifar-10-batches-py/", Binary = "cifar-10-batches-bin/";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("test_batch", "training batch 1 of 5")]
    [InlineData("data_batch_1", "testing batch 1 of 1")]
    [InlineData("data_batch_2", "training batch 1 of 5")]
    public void A_title_that_contradicts_its_file_is_refused(string name, string title)
    {
        CifarFixture.WriteBoth(_folder);
        string path = _folder.Write(Python + name, CifarFixture.Pickle(9, 9, title));
        Refused(path, $"calls itself '{title}'");
    }

    [Theory]
    [InlineData("train", "testing batch 1 of 1")]
    [InlineData("test", "training batch 1 of 1")]
    public void A_title_of_cifar100_that_contradicts_its_file_is_refused(string name, string title)
    {
        Cifar100Fixture.WriteBoth(_folder);
        string path = _folder.Write("cifar-100-python/" + name, Cifar100Fixture.Pickle(9, 9, title));
        Refusals.AssertRefused(() => Datasets.Open("cifar100", _folder.Path), path, $"calls itself '{title}'");
    }

    [Fact]
    public void A_title_that_contradicts_its_file_is_refused_in_an_archive_too()
    {
        var members = OfficialMembers.Python10();
        members[5].Bytes = CifarFixture.Pickle(9, 9, CifarFixture.Title(2));
        string path = _folder.Write("cifar-10-python.tar.gz", ArchiveWriter.TarGz(members));
        Refused(path + ": cifar-10-batches-py/test_batch", "training batch 3 of 5");
    }

    [Theory]
    [InlineData("")]
    [InlineData("the first of my own")]
    [InlineData("Training Batch 1 of 5\n\u001b")]
    public void A_title_in_words_of_other_peoples_own_contradicts_nothing(string title)
    {
        CifarFixture.WriteBoth(_folder);
        _folder.Write(Python + "test_batch", CifarFixture.Pickle(9, 9, title));
        Assert.Equal(9, Open().Test.Count);
    }

    [Theory]
    [InlineData("data_batch_1.bin", "data_batch_2.bin")]
    [InlineData("data_batch_3.bin", "data_batch_5.bin")]
    public void A_batch_that_stands_twice_is_refused(string one, string other)
    {
        string path = Copy(one, other);
        Refused(path, "stands twice", one);
    }

    [Fact]
    public void A_training_batch_in_place_of_the_test_batch_is_refused()
    {
        string path = Copy("data_batch_4.bin", "test_batch.bin");
        Refused(path, "a training batch stands in its place", "data_batch_4.bin");
    }

    [Fact]
    public void A_batch_that_stands_twice_without_a_title_is_refused()
    {
        CifarFixture.WriteBoth(_folder);
        foreach (string name in (string[])["data_batch_1", "data_batch_2"])
            _folder.Write(Python + name, CifarFixture.Pickle(9, 9, "some of mine"));
        Refused("data_batch_2", "stands twice", "data_batch_1");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    public void A_batch_without_pixels_is_refused(byte value)
    {
        CifarFixture.WriteBoth(_folder);
        byte[] planes = new byte[3 * 3072];
        planes.AsSpan().Fill(value);
        string path = _folder.Write(Python + "data_batch_3", PickleWriter.Batch(planes, [1, 2, 3], title: CifarFixture.Title(2)));
        Refused(path, "its pixels are gone", "3 images");
    }

    [Fact]
    public void Images_without_pixels_are_counted()
    {
        CifarFixture.WriteBoth(_folder);
        byte[] planes = CifarFixture.Planes(3, 1);
        planes.AsSpan(3072).Clear();
        _folder.Write(Python + "data_batch_3", PickleWriter.Batch(planes, [1, 2, 3], title: CifarFixture.Title(2)));
        Assert.Contains("2 of its images are of one value throughout", Assert.Single(Open().Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void Data_that_is_not_the_official_set_says_so_in_one_line()
    {
        CifarFixture.WriteBoth(_folder);
        string notice = Assert.Single(Open().Notices);
        Assert.Equal($"{_folder.Path} is not the official CIFAR-10: 6 of its 6 files differ; it is used as it is", notice);
        Assert.Equal(Open().Notices, Datasets.Open("cifar10", _folder.Path, limitTrain: 2, limitTest: 2).Notices);
    }

    [Fact]
    public void Drawn_images_need_no_notice() => Assert.Empty(Datasets.Open("shapes", null, 1, 1).Notices);

    [Theory]
    [InlineData("cifar10")]
    [InlineData("cifar100")]
    public void The_official_sums_need_no_notice(string name)
    {
        var set = CifarSet.All.Single(set => set.Name == name);
        foreach (var form in set.Forms)
            Assert.Empty(Check(set, form, [.. form.Files.Select(file => file.Md5 ?? file.Name)]));
    }

    [Fact]
    public void A_single_file_of_others_is_named()
    {
        var form = Cifar10.Set.Binary;
        string[] sums = [.. form.Files.Select(file => file.Md5!)];
        sums[2] = new string('0', 32);
        Assert.Contains(": data_batch_3.bin differs;", Assert.Single(Check(Cifar10.Set, form, sums)), StringComparison.Ordinal);
    }

    [Fact]
    public void Official_batches_that_changed_places_are_refused()
    {
        var form = Cifar10.Set.Binary;
        string[] sums = [.. form.Files.Select(file => file.Md5!)];
        (sums[4], sums[5]) = (sums[5], sums[4]);
        Refusals.AssertRefused(() => Check(Cifar10.Set, form, sums), "data_batch_5.bin", "the official test_batch.bin under another name");
    }

    /// <summary>Where the system allows no MD5 only the numbers of images can be compared.</summary>
    [Fact]
    public void Sums_of_another_kind_are_not_taken_for_those_of_other_files()
    {
        var form = Cifar10.Set.Python;
        Assert.Empty(Check(Cifar10.Set, form, [.. form.Files.Select(file => file.Name.PadRight(64))]));
    }

    /// <summary>Batches of the official size and these sums.</summary>
    private static IReadOnlyList<string> Check(CifarSet set, CifarForm form, string[] sums)
    {
        var batches = form.Files.Select((file, i) => new CifarBatch(CifarFixture.Planes(1, (uint)i), 0, 0, new byte[file.Images])
        {
            Path = file.Name,
            Sum = Task.FromResult(sums[i]),
        });
        return new CifarCheck(set, new(form, [.. batches])).Notices("here");
    }

    /// <summary>The binary form alone, one batch in another's place.</summary>
    private string Copy(string one, string other)
    {
        foreach (var (name, bytes) in OfficialMembers.Binary10())
            _folder.Write(name, bytes);
        return _folder.Write(Binary + other, File.ReadAllBytes(Path.Combine(_folder.Path, Binary + one)));
    }

    private DataSplits Open() => Datasets.Open("cifar10", _folder.Path);

    private void Refused(params string[] says) => Refusals.AssertRefused(() => Open(), says);
}
