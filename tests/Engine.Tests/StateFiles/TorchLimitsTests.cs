using ReSTE.Native.Checkpoints;
using ReSTE.Native.Engine.Tests.Checkpoints;
using ReSTE.Native.StateFiles;

namespace ReSTE.Native.Engine.Tests.StateFiles;

/// <summary>What is written is read back, up to what a form can hold; beyond that it is refused.</summary>
public sealed class TorchLimitsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // A stack that is as deep as Python's writers make it holds 2,000 values of a dictionary at a time.
    [Fact]
    public void A_file_of_many_tensors_comes_back()
    {
        StateDictionary many = Many(2100);
        StateFile.SavePyTorch(many, _folder.File("many.pth"));
        StateDictionary read = StateFile.Open(_folder.File("many.pth"));
        Assert.Equal(many.Entries.Select(e => e.Name), read.Entries.Select(e => e.Name));
        Assert.Equal([2099], read.ReadFloat64("layer2099.weight"));
        Assert.Equal([0], read.ReadFloat64("layer0.weight"));
    }

    [Fact]
    public void A_file_of_as_many_tensors_as_an_archive_has_members_comes_back_and_one_of_more_is_refused()
    {
        // The pickle, the byte order and the version are members too.
        StateFile.SavePyTorch(Many(ushort.MaxValue - 3), _folder.File("most.pth"));
        Assert.Equal(ushort.MaxValue - 3, StateFile.Open(_folder.File("most.pth")).Entries.Count);
        byte[] before = File.ReadAllBytes(_folder.File("most.pth"));
        var refusal = Assert.Throws<IOException>(() => StateFile.SavePyTorch(Many(66_000), _folder.File("most.pth")));
        Assert.Equal("a zip archive of more than 65535 members is not supported", refusal.Message);
        Assert.Equal(before, File.ReadAllBytes(_folder.File("most.pth")));
    }

    [Fact]
    public void A_name_or_a_text_that_safetensors_cannot_have_is_refused()
    {
        StateDictionary file = StateFile.Read(new TorchBytes().Tensor("__metadata__", TorchBytes.Floats(4), [4], [1]).Zip(), "file");
        var refusal = Assert.Throws<CheckpointException>(() => StateFile.SaveSafetensors(file, _folder.File("x.safetensors")));
        Assert.Equal("file: has a tensor called '__metadata__', which no safetensors file can have", refusal.Message);
        var endless = new StateDictionary("file", CheckpointForm.PyTorchZip, []) { Model = new string('m', 101_000_000) };
        refusal = Assert.Throws<CheckpointException>(() => StateFile.SaveSafetensors(endless, _folder.File("x.safetensors")));
        Assert.Contains("does not fit a safetensors file: the header takes", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(_folder.File("x"))!));
    }

    private static StateDictionary Many(int count)
    {
        var entries = new OrderedDictionary<string, StateEntry>(count);
        for (int i = 0; i < count; i++)
        {
            string name = $"layer{i}.weight";
            var view = TensorView.Whole(BitConverter.GetBytes((float)i), [1, 1, 1, 1]);
            entries.Add(name, new(name, SafetensorsType.F32, [1, 1, 1, 1], view));
        }

        return new StateDictionary("many", CheckpointForm.Safetensors, entries);
    }
}
