using ReSTE.Native.Data.Cifar;
using ReSTE.Native.Datasets;

namespace ReSTE.Native.Data.Tests;

public sealed class Cifar100Tests : IDisposable
{
    private const int Count = 3;
    private static readonly byte[] Good = Cifar100Fixture.Pickle(Count, 1);
    private static readonly byte[] Planes = CifarFixture.Planes(Count, 1);

    private readonly TemporaryFolder _folder = new();

    /// <summary>What is wrong, the file, and what the message must say.</summary>
    public static TheoryData<string, byte[], string> DamagedPickles => new()
    {
        { "empty", [], "empty" },
        { "cut inside the data", Good[..(Good.Length / 2)], "bytes were expected" },
        { "without its end", Good[..^1], $"byte {Good.Length - 1}" },
        { "fine label 100", PickleWriter.Batch100(Planes, [1, 100, 2], [1, 2, 3]), "the integer 100 where a label from 0 to 99" },
        { "coarse label 20", PickleWriter.Batch100(Planes, [1, 99, 2], [1, 20, 3]), "'coarse_labels' is the integer 20 where" },
        { "fewer fine labels", PickleWriter.Batch100(Planes, [1, 2], [1, 2, 3], names: 3), "3 images but 2 labels" },
        { "fewer coarse labels", PickleWriter.Batch100(Planes, [1, 2, 3], [1, 2]), "3 images but 2 coarse labels" },
        { "fewer names", PickleWriter.Batch100(Planes, [1, 2, 3], [1, 2, 3], names: 2), "3 images but 2 file names" },
        { "a memo entry that is not there", [.. Good[..5], (byte)'h', 9, .. Good[5..]], "memo entry 9, which was never written" },
        { "an opcode of protocol 0", [.. Good[..5], (byte)'I', .. Good[5..]], "opcode 0x49, which no CIFAR-100 batch uses" },
        { "a batch of CIFAR-10", CifarFixture.Pickle(Count, 1), "entry" },
        { "the key of CIFAR-10", PickleWriter.Batch100(Planes, [1, 2, 3], [1, 2, 3], labels: "labels"), "entry" },
    };

    public static TheoryData<string, byte[], string> DamagedRecords => new()
    {
        { "empty", [], "empty" },
        { "a byte short", new byte[2 * 3074 - 1], "3074-byte records" },
        { "a batch of CIFAR-10", CifarFixture.Binary(4, 1), "3074-byte records" },
        { "coarse label 20", [.. new byte[3074], 20, 0, .. new byte[3072]], "byte 3074: coarse label 20 where 0 to 19" },
        { "fine label 100", [.. new byte[3074], 19, 100, .. new byte[3072]], "byte 3075: label 100 where 0 to 99" },
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Both_forms_give_the_same_images_with_fine_labels()
    {
        Cifar100Fixture.WriteBoth(_folder);
        var python = Datasets.Open("cifar100", Path.Combine(_folder.Path, "cifar-100-python"));
        var binary = Datasets.Open("cifar100", Path.Combine(_folder.Path, "cifar-100-binary"));
        Images.AssertSame(python.Train, binary.Train);
        Images.AssertSame(python.Test, binary.Test);
        Assert.Equal((Cifar100Fixture.Train, Cifar100Fixture.Test), (python.Train.Count, python.Test.Count));
        Assert.Equal(("cifar100", 100, new ImageShape(32, 32, 3)), (python.Train.Name, python.Train.Classes, python.Train.Shape));
        Assert.Equal(Cifar100Fixture.Fine(Cifar100Fixture.Test, 2), Images.All(python.Test).Select(image => (byte)image.Label));
    }

    [Fact]
    public void Its_inputs_are_of_about_zero_mean_and_unit_deviation_cropped_and_flipped()
    {
        Cifar100Fixture.WriteBoth(_folder);
        var preprocessing = Datasets.Open("cifar100", _folder.Path).Preprocessing;
        Assert.Equal([0.5071f, 0.4865f, 0.4409f], preprocessing.Mean);
        Assert.Equal([0.2673f, 0.2564f, 0.2762f], preprocessing.Deviation);
        Assert.Equal((4, true), (preprocessing.CropPadding, preprocessing.Flip));
    }

    [Fact]
    public void Pythons_folder_is_taken_first_and_subfolders_may_be_left_out()
    {
        Cifar100Fixture.WriteBoth(_folder);
        _folder.Write("cifar-100-binary/train.bin", [1]);
        Assert.Equal(Cifar100Fixture.Train, Datasets.Open("cifar100", _folder.Path).Train.Count);
        Directory.Delete(Path.Combine(_folder.Path, "cifar-100-python"), recursive: true);
        Refusals.AssertRefused(() => Datasets.Open("cifar100", _folder.Path), "train.bin");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(999)]
    [InlineData(1001)]
    public void Any_number_of_images_is_read(int count)
    {
        byte[] fine = Cifar100Fixture.Fine(count, 3), coarse = Cifar100Fixture.Coarse(count, 3);
        var batch = CifarPickle.Parse(PickleWriter.Batch100(new byte[count * 3072], fine, coarse), "batch", Cifar100.Set);
        Assert.Equal(fine, batch.Labels);
    }

    [Theory]
    [MemberData(nameof(DamagedPickles))]
    public void A_damaged_pickle_is_refused_in_one_line_that_names_the_file(string what, byte[] bytes, string says)
    {
        Cifar100Fixture.WriteBoth(_folder);
        string path = _folder.Write("cifar-100-python/train", bytes);
        Assert.NotEmpty(what);
        Refusals.AssertRefused(() => Datasets.Open("cifar100", _folder.Path), path, says);
    }

    [Theory]
    [MemberData(nameof(DamagedRecords))]
    public void Damaged_records_are_refused_in_one_line_that_names_the_file(string what, byte[] bytes, string says)
    {
        Cifar100Fixture.WriteBoth(_folder);
        string path = _folder.Write("cifar-100-binary/test.bin", bytes);
        Assert.NotEmpty(what);
        Refusals.AssertRefused(() => Datasets.Open("cifar100", Path.Combine(_folder.Path, "cifar-100-binary")), path, says);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        Cifar100Fixture.WriteBoth(_folder);
        string gone = Path.Combine(_folder.Path, "cifar-100-python", "test");
        File.Delete(gone);
        Refusals.AssertRefused(() => Datasets.Open("cifar100", _folder.Path), gone, "missing");
    }

    [Fact]
    public void A_folder_that_is_not_there_is_refused_with_every_path_tried() => Refusals.AssertRefused(
        () => Datasets.Open("cifar100", Path.Combine(_folder.Path, "none")),
        Path.Combine(_folder.Path, "none", "cifar-100-python"), "cifar-100-binary", "cifar-100-python.tar.gz");

    [Fact]
    public void A_folder_of_the_other_set_is_named()
    {
        Cifar100Fixture.WriteBoth(_folder);
        Refusals.AssertRefused(DatasetFault.OtherDataset, () => Datasets.Open("cifar10", _folder.Path),
            "no CIFAR-10 found", "holds CIFAR-100");
    }
}
