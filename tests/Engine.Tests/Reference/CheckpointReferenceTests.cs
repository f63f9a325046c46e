using System.Globalization;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Engine.Tests.Checkpoints;
using ReSTE.Native.Engine.Tests.Cuda;
using ReSTE.Native.Estimators;
using ReSTE.Native.StateFiles;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Reference;

/// <summary>PyTorch's checkpoints of the published network, in every form there is of them, and the logits they evaluate to.</summary>
[Trait("Category", "Reference")]
public sealed class CheckpointReferenceTests
{
    private const string Expected = "*.expected.safetensors", Files = "resnet20_1w1a.*.pth*";

    // What the recording's README asks. Both sides are float32, of exact sums of ones: 1.7e-7 was seen on every device.
    private const double Tolerance = 1e-4;

    [Theory]
    [MemberData(nameof(ReferenceFiles.Matching), Files, MemberType = typeof(ReferenceFiles))]
    public void A_checkpoint_evaluates_to_the_recorded_logits(string name)
    {
        StateDictionary file = StateFile.Open(ReferenceFiles.Path(name));
        using (var device = new ReferenceDevice())
            Check(name, "reference", device, file);
        foreach (int bits in CpuVectors.Available)
        {
            using var device = new CpuDevice(2, bits);
            Check(name, device.Description, device, file);
        }

        foreach (string order in GpuUnderTest.Orders.Take(1))
            GpuUnderTest.Use(order, device => Check(name, device.Description, device, file));
    }

    [Theory]
    [MemberData(nameof(ReferenceFiles.Matching), Files, MemberType = typeof(ReferenceFiles))]
    public void What_stands_beside_the_weights_is_read(string name)
    {
        StateDictionary file = StateFile.Open(ReferenceFiles.Path(name));
        bool isStream = name.Contains("legacy", StringComparison.Ordinal);
        Assert.Equal(isStream ? CheckpointForm.PyTorchStream : CheckpointForm.PyTorchZip, file.Form);
        Assert.Equal(name.Contains("dataparallel", StringComparison.Ordinal) ? "module." : "", file.Prefix);
        Assert.Empty(file.Others);
        var metadata = ReferenceFiles.Open(ReferenceFiles.Names(ReferenceFiles.Folder, Expected)[0]).Metadata;
        if (!name.Contains("state_dict", StringComparison.Ordinal) && !isStream)
        {
            Assert.Equal(("resnet20_1w1a", int.Parse(metadata["epoch"], CultureInfo.InvariantCulture)), (file.Model, file.Epoch));
            Assert.Equal(double.Parse(metadata["best_prec1"], CultureInfo.InvariantCulture), file.BestTop1);
        }
    }

    // The published module's own order, as PyTorch saved it, is what a file of ours is written in.
    [Theory]
    [MemberData(nameof(ReferenceFiles.Matching), Files, MemberType = typeof(ReferenceFiles))]
    public void The_published_order_is_ours(string name)
    {
        using var folder = new TemporaryFolder();
        using var device = new CpuDevice(1);
        using (var run = new Training.TinyRun(Training.TinyRun.Recipe))
            run.Trainer.Save(folder.File("ours.safetensors"));
        StateDictionary theirs = StateFile.Open(ReferenceFiles.Path(name)), ours = PublishedState.Open(folder.File("ours.safetensors"));
        Assert.Equal(theirs.Entries.Select(e => $"{e.Name} {e.Type} {string.Join(',', e.Shape)}"),
            ours.Entries.Select(e => $"{e.Name} {e.Type} {string.Join(',', e.Shape)}"));
    }

    private static void Check(string name, string where, Device device, StateDictionary file)
    {
        SafetensorsFile expected = ReferenceFiles.Open(ReferenceFiles.Names(ReferenceFiles.Folder, Expected)[0]);
        int batch = (int)expected["eval_logits"].Shape[0];
        using var run = new NetworkRun(device, "resnet20_1w1a", new Reste(), realActivations: false, batch, training: false);
        TrainingCheckpoint.LoadWeights(file, run.Parameters);
        run.WriteImages(PublishedStreams.Input($"{expected.Metadata["prefix"]}/checkpoint/input0", (int)run.Images.Shape.Count));
        run.WriteLabels(new int[batch]);
        run.Tape.Forward();
        double[] recorded = expected.ReadFloat64("eval_logits"), ours = device.ReadReals(run.Logits.Value);
        double distance = ModelCase.Distance(ours, recorded);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}, {where}: {distance:e2}"));
        Assert.True(distance <= Tolerance, string.Create(CultureInfo.InvariantCulture,
            $"{name}, {where}: distance {distance:e2}, tolerance {Tolerance:e0}; first {ours[0]:r}, recorded {recorded[0]:r}"));
        for (int image = 0; image < batch; image++)
        {
            double[] a = ours[(10 * image)..(10 * image + 10)], b = recorded[(10 * image)..(10 * image + 10)];
            Assert.True(ModelCase.Distance(a, b) <= Tolerance, $"{name}, {where}: image {image}");
        }
    }
}
