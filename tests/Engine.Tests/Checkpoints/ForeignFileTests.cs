using ReSTE.Native.Checkpoints;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Engine.Tests.Embedding;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Checkpoints;

/// <summary>Safetensors files that are no checkpoint of this version are named for what they are, none of them as damaged.</summary>
public sealed class ForeignFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Checkpoint => _folder.File("foreign.safetensors");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("pt", "conv1.weight", "holds weights saved from PyTorch (metadata format 'pt')")]
    [InlineData(null, "conv1.weight", "holds weights of another program (PyTorch's names, no metadata of a training)")]
    [InlineData(null, "w", "is a safetensors file of another program")]
    [InlineData("mlx", "w", "is a safetensors file of another program (metadata format 'mlx')")]
    public void Another_program_s_file_is_named(string? format, string tensor, string what)
    {
        Write(format, tensor);
        CheckpointException refusal = Refused();
        Assert.Equal($"{Checkpoint}: {what}, not a checkpoint of this program: it has weights alone, and no recipe of their training",
            refusal.Message);
        Assert.Equal(CheckpointFault.NotACheckpoint, refusal.Kind);
    }

    [Theory]
    [InlineData("reste-training-3", "reste-training-1 and reste-training-2")]
    [InlineData("reste-weights-2", "reste-weights-1")]
    public void A_newer_format_is_told(string format, string read)
    {
        foreach (bool isOwn in new[] { false, true })
        {
            Write(format, "w", isOwn);
            CheckpointException refusal = Refused();
            Assert.Equal(
                (CheckpointFault.NewerFormat, $"{Checkpoint}: has the format {format}; this version reads {read}, a newer one may read it"),
                (refusal.Kind, refusal.Message));
        }
    }

    [Theory]
    [InlineData("reste-weights-")]
    [InlineData("reste-weights-2b")]
    [InlineData("reste-weights- 2")]
    public void A_format_that_no_version_writes_is_damage_in_a_file_of_ours(string format)
    {
        Write(format, "w", isOwn: true);
        Assert.Equal(CheckpointFault.Damaged, Refused().Kind);
    }

    [Theory]
    [InlineData("sorted")]
    [InlineData("backwards")]
    public void Only_the_order_of_names_may_change(string order)
    {
        using var device = new CpuDevice(1);
        using var trainer = new Trainer(Stripes.Recipe, device, Stripes.Data, Stripes.Network);
        trainer.Save(_folder.File("written.safetensors"));
        CheckpointFiles.Reorder(_folder.File("written.safetensors"), Checkpoint, order);
        Assert.Equal(DataMatch.Same, trainer.Resume(Checkpoint));
        SafetensorsFile.Open(Checkpoint).VerifyChecksum();
        byte[] bytes = File.ReadAllBytes(Checkpoint);
        bytes[^1] ^= 1;
        File.WriteAllBytes(Checkpoint, bytes);
        Assert.Equal($"{Checkpoint}: is not as it was written: changed or damaged",
            Assert.Throws<CheckpointException>(() => trainer.Resume(Checkpoint)).Message);
        Assert.Equal(CheckpointFault.Damaged, Assert.Throws<CheckpointException>(SafetensorsFile.Open(Checkpoint).VerifyChecksum).Kind);
    }

    [Fact]
    public void A_file_without_a_checksum_says_so()
    {
        Write(null, "w");
        CheckpointException refusal = Assert.Throws<CheckpointException>(SafetensorsFile.Open(Checkpoint).VerifyChecksum);
        Assert.Equal((CheckpointFault.Incomplete, $"{Checkpoint}: has no checksum"), (refusal.Kind, refusal.Message));
    }

    private CheckpointException Refused()
    {
        using var device = new CpuDevice(1);
        return Assert.Throws<CheckpointException>(() => Predictor.Open(Checkpoint, device, Stripes.Network));
    }

    /// <param name="format">The format's name, where it has one.</param>
    /// <param name="tensor">Its one tensor.</param>
    /// <param name="isOwn">Whether it has a recipe and a checksum, as a newer version of this program would write them.</param>
    private void Write(string? format, string tensor, bool isOwn = false)
    {
        var writer = new SafetensorsWriter();
        if (format != null)
            writer.AddMetadata("format", format);
        writer.Add(tensor, [1], [1f]);
        if (isOwn)
        {
            writer.AddMetadata("recipe", "{}");
            writer.AddChecksum();
        }

        writer.Save(Checkpoint);
    }
}
