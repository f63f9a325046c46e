using ReSTE.Native.Data.Cifar;
using ReSTE.Native.Datasets;

namespace ReSTE.Native.Data.Tests;

public sealed class CifarFormsTests
{
    [Fact]
    public void Both_forms_give_the_same_images()
    {
        using var folder = new TemporaryFolder();
        CifarFixture.WriteBoth(folder);
        var python = Datasets.Open("cifar10", Path.Combine(folder.Path, "cifar-10-batches-py"));
        var binary = Datasets.Open("cifar10", Path.Combine(folder.Path, "cifar-10-batches-bin"));
        Images.AssertSame(python.Train, binary.Train);
        Images.AssertSame(python.Test, binary.Test);
        Assert.Equal((2 + 3 + 4 + 5 + 6, 7), (python.Train.Count, python.Test.Count));
        Assert.Equal(new ImageShape(32, 32, 3), python.Train.Shape);
        Assert.Equal(Preprocessing.Published, python.Preprocessing);
    }

    [Fact]
    public void Planes_become_interleaved_channels_and_batches_keep_their_order()
    {
        using var folder = new TemporaryFolder();
        CifarFixture.WriteBoth(folder);
        var train = Datasets.Open("cifar10", folder.Path).Train;
        for (int batch = 0, index = 0; batch < 5; batch++)
        {
            byte[] planes = CifarFixture.Planes(batch + 2, (uint)batch), labels = CifarFixture.Labels(batch + 2, (uint)batch);
            for (int i = 0; i < labels.Length; i++, index++)
            {
                var (label, pixels) = Images.At(train, index);
                Assert.Equal(labels[i], label);
                for (int at = 0; at < pixels.Length; at++)
                    Assert.Equal(planes[i * 3072 + at % 3 * 1024 + at / 3], pixels[at]);
            }
        }
    }

    [Fact]
    public void Pythons_folder_is_taken_first()
    {
        using var folder = new TemporaryFolder();
        CifarFixture.WriteBoth(folder);
        foreach (string name in CifarFixture.BatchNames)
            folder.Write($"cifar-10-batches-bin/{name}.bin", [1]);
        Assert.Equal(20, Datasets.Open("cifar10", folder.Path).Train.Count);
    }

    [Fact]
    public void A_folder_of_any_name_that_holds_the_batches_itself_is_taken()
    {
        using var folder = new TemporaryFolder();
        CifarFixture.WritePython(folder, "anything");
        Assert.Equal(7, Datasets.Open("cifar10", Path.Combine(folder.Path, "anything")).Test.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(1001)]
    public void Any_number_of_images_is_read(int count)
    {
        var batch = CifarPickle.Parse(PickleWriter.Batch(new byte[count * 3072], CifarFixture.Labels(count, 3)), "batch", Cifar10.Set);
        Assert.Equal(CifarFixture.Labels(count, 3), batch.Labels);
    }

    [Fact]
    public void The_module_name_of_newer_numpy_is_read()
    {
        byte[] bytes = PickleWriter.Batch(new byte[2 * 3072], [0, 9], module: "numpy._core.multiarray");
        Assert.Equal(2, CifarPickle.Parse(bytes, "batch", Cifar10.Set).Count);
    }

    [Fact]
    public void Limits_keep_the_first_images()
    {
        using var folder = new TemporaryFolder();
        CifarFixture.WriteBoth(folder);
        var whole = Datasets.Open("cifar10", folder.Path);
        var limited = Datasets.Open("cifar10", folder.Path, limitTrain: 3, limitTest: 100);
        Assert.Equal((3, 7), (limited.Train.Count, limited.Test.Count));
        Images.AssertSame(whole.Train.Limit(3), limited.Train);
    }
}
