using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Ops;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Reference;

/// <summary>Whole first steps of the published networks: our double-precision reference against the recorded double-precision numbers.</summary>
[Trait("Category", "Reference")]
public sealed class ModelReferenceTests
{
    // Double against double: both round in the sixteenth digit, and no threshold flips there.
    private const double Tolerance = 1e-9;

    [Theory]
    [MemberData(nameof(ReferenceFiles.Matching), "model.cifar10.resnet20.*.safetensors", MemberType = typeof(ReferenceFiles))]
    [MemberData(nameof(ReferenceFiles.Matching), "model.cifar10.resnet20_1w1a.*.safetensors", MemberType = typeof(ReferenceFiles))]
    public void The_reference_device_agrees_in_double(string file)
    {
        var model = new ModelCase(file);
        using var device = new ReferenceDevice();
        using NetworkRun run = model.Build(device);
        model.Feed(run, 0);
        run.Tape.Forward();
        run.Tape.Backward();

        Check(file, "logits", device.ReadReals(run.Logits.Value), model.File.ReadFloat64("f64.step0.logits"));
        Check(file, "loss", [run.LossValue], [model.File.ReadFloat64("f64.losses")[0]]);
        foreach (Parameter p in run.Parameters.Parameters)
            Check(file, p.Name, model.Select("grad", p.Name, p.ReadGradient()), model.Recorded("f64.", "grad", p.Name));
        foreach (StateTensor s in run.Parameters.Statistics)
            Check(file, s.Name, model.Select("buffer", s.Name, s.Read()), model.Recorded("f64.", "buffer", s.Name));
        CheckIndicators(model, run, file);
    }

    private static void Check(string file, string what, double[] ours, double[] recorded)
    {
        if (ModelCase.Norm(recorded) < 1e-9) // a bias straight before another batch norm has no direction
        {
            Assert.True(ours.All(v => Math.Abs(v) <= 1e-5), $"{file}: {what}: should vanish, is {ours.Max(Math.Abs)}");
            return;
        }

        double distance = ModelCase.Distance(ours, recorded);
        Assert.True(distance <= Tolerance, $"{file}: {what}: distance {distance:e3} exceeds {Tolerance:e1}; first value {ours[0]:r}, recorded {recorded[0]:r}");
    }

    private static void CheckIndicators(ModelCase model, NetworkRun run, string file)
    {
        IReadOnlyList<Parameter> measured = Indicators.Measured(run.Parameters);
        using var slab = new Slab(run.Device);
        Tensor result = slab.Place(run.Device.NewTensor("indicators", new Shape(2 * measured.Count), ElementType.Float64));
        slab.Commit();
        new Indicators(run.Parameters, measured, result).Forward(run.Device.Kernels);
        var values = new double[2 * measured.Count];
        run.Device.Read<double>(result, values);
        Check(file, "estimating error", [values[..measured.Count].Sum()], model.File.ReadFloat64("f64.step0.estimating_error_o3"));
        Check(file, "gradient stability", [values[measured.Count..].Sum()], model.File.ReadFloat64("f64.step0.gradient_stability"));
    }
}
