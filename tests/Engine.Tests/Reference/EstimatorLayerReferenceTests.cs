using System.Globalization;
using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Engine.Tests.Cuda;
using ReSTE.Native.Estimators;
using ReSTE.Native.Optimisers;

namespace ReSTE.Native.Engine.Tests.Reference;

/// <summary>
/// One convolution of the published layers of BiPer, OvSW, IR-Net and XNOR-Net, on the reference in double, on the CPU at every vector
/// width, and on the GPU or its emulator.
/// </summary>
[Trait("Category", "Reference")]
public sealed class EstimatorLayerReferenceTests
{
    // ||ours - recorded|| / ||recorded||: sums of 288 products in another order. In single precision ten roundings, and the sine of an
    // argument of up to 5, which is rounded before it.
    private const double Double = 1e-12, Single = 1e-5;

    public static TheoryData<string> BiPer => ReferenceFiles.Matching("biper.layer.*.safetensors");

    public static TheoryData<string> IrNet => ReferenceFiles.Matching("irnet.layer.*.safetensors");

    public static TheoryData<string> Xnor => ReferenceFiles.Matching("xnor.layer.*.safetensors");

    public static TheoryData<string> OvSw => ReferenceFiles.Matching("ovsw.layer.*.safetensors");

    [Theory]
    [MemberData(nameof(BiPer))]
    public void BiPer_agrees(string name) => OnEveryDevice((device, exact) =>
    {
        var layer = new EstimatorLayerCase(name);
        var check = new Comparer(layer, device, exact);
        bool second = layer.Whole("stage") == 2;
        var estimator = new BiPer
        {
            Frequency = layer.Number("freq"),
            FirstTau = second ? 0 : layer.Number("tau"),
            SecondTau = second ? layer.Number("tau") : 0,
        };
        var without = new BiPer { Frequency = layer.Number("freq"), FirstTau = 0, SecondTau = 0 };
        double[] images = layer.Images("input"), gradient = layer.OutputGradient("grad", _ => 1);
        double[] scale = [.. layer.Symmetric("alpha", layer.Outputs).Select(v => (double)(0.5f + 0.25f * v))];
        using (var run = new EstimatorLayerRun(layer, device, without, second ? 2 : 0, 3, null, layer.Weights(2)))
        {
            run.Parameter("y.alpha").Write(scale);
            run.Step(images, gradient);
            check.Same("output", run.Output);
            check.Same("grad_input", run.InputGradient);
            check.Same("grad_weight", run.Weight.ReadGradient());
            check.Same("grad_scale", run.Parameter("y.alpha").ReadGradient());
        }

        using var pulled = new EstimatorLayerRun(layer, device, estimator, second ? 2 : 0, 3, null, layer.Weights(2));
        pulled.Step(images, new double[gradient.Length]);
        check.Same("regulariser_grad_weight", pulled.Weight.ReadGradient());
    });

    [Theory]
    [MemberData(nameof(IrNet))]
    public void IrNet_agrees(string name) => OnEveryDevice((device, exact) =>
    {
        var layer = new EstimatorLayerCase(name);
        var check = new Comparer(layer, device, exact);
        float[] weights = layer.Weights(1);
        int filter = weights.Length / layer.Outputs;
        for (int k = 0; k < layer.Outputs; k++)
            weights[k * filter] *= 1 << (k % 8);
        var estimator = new IrNet(layer.Number("t"));
        Assert.Equal(layer.Number("k"), estimator.WeightParameters(0, 1).P0, 1e-12);
        using var run = new EstimatorLayerRun(layer, device, estimator, 0, 1, null, weights);
        run.Step(layer.Images("input"), layer.OutputGradient("grad", _ => 1));
        Assert.Equal(layer.File.ReadFloat64("f64.scale"), run.Scale);
        check.Same("output", run.Output);
        check.Same("grad_input", run.InputGradient);
        check.Same("grad_weight", run.Weight.ReadGradient());
    });

    [Theory]
    [MemberData(nameof(Xnor))]
    public void Xnor_agrees(string name) => OnEveryDevice((device, exact) =>
    {
        var layer = new EstimatorLayerCase(name);
        var check = new Comparer(layer, device, exact);
        using var run = new EstimatorLayerRun(layer, device, new Xnor(), 0, 1, null, layer.Weights(8));
        run.Step(layer.Images("input"), layer.OutputGradient("grad", _ => 1));
        check.Same("weight_centred", run.Weight.Read());
        check.Same("scale", run.Scale);
        check.Same("output", run.Output);
        check.Same("grad_input", run.InputGradient);
        run.Update();
        check.Same("grad_weight", run.Weight.ReadGradient());
    });

    [Theory]
    [MemberData(nameof(OvSw))]
    public void OvSw_agrees(string name) => OnEveryDevice((device, exact) =>
    {
        var layer = new EstimatorLayerCase(name);
        var check = new Comparer(layer, device, exact);
        double decay = layer.Number("dampen_weight");
        using (EstimatorLayerRun floored = OvSwRun(layer, device, decay: 0))
        {
            Step(floored, layer, 0);
            check.Doubles("step0.grad_floored", floored.Weight.ReadGradient());
        }

        using EstimatorLayerRun run = OvSwRun(layer, device, decay);
        Step(run, layer, 0, beforeUpdate: () =>
        {
            check.Same("step0.output", run.Output);
            check.Same("step0.grad_input", run.InputGradient);
            check.Same("step0.grad_weight", run.Weight.ReadGradient());
            check.Doubles("step0.scale", run.Scale);
        });
        check.Doubles("step0.grad_final", run.Weight.ReadGradient());
        check.Doubles("step0.weight_after", run.Weight.Read());
        Assert.Equal(layer.File.ReadFloat64("f64.step0.tracker"), run.State("y.tracker"));
        CheckSilent(layer, run, 0);
        for (int step = 1; exact && step < layer.Whole("steps"); step++)
        {
            double[] before = run.Weight.Read();
            Step(run, layer, step, beforeUpdate: () => check.Values($"step{step}.grad_weight", run.Weight.ReadGradient()));
            check.Doubles($"step{step}.scale", run.Scale);
            check.Values($"step{step}.grad_final", run.Weight.ReadGradient());
            check.Values($"step{step}.tracker", run.State("y.tracker"));
            check.Values($"step{step}.weight_after", run.Weight.Read());
            Assert.Equal(before, run.State("y.weight_prev"));
            CheckSilent(layer, run, step);
        }
    });

    private static EstimatorLayerRun OvSwRun(EstimatorLayerCase layer, Device device, double decay)
    {
        var estimator = new OvSw(layer.Number("delta"), decay, layer.Number("track_momentum"), layer.Number("track_threshold"));
        var sgd = new Sgd(layer.Number("momentum"), layer.Number("weight_decay"));
        float[] weights = layer.Weights(1), offsets = layer.Symmetric("offset", layer.Outputs);
        int filter = weights.Length / layer.Outputs;
        return new EstimatorLayerRun(layer, device, estimator, 0, 1, sgd, [.. weights.Select((w, i) => w + offsets[i / filter] / 64)]);
    }

    private static void Step(EstimatorLayerRun run, EstimatorLayerCase layer, int step, Action? beforeUpdate = null)
    {
        string number = step.ToString(CultureInfo.InvariantCulture);
        run.Step(layer.Images("input" + number), layer.OutputGradient("grad" + number, channel => Math.ScaleB(1, -(channel / 2))));
        beforeUpdate?.Invoke();
        run.Update();
    }

    private static void CheckSilent(EstimatorLayerCase layer, EstimatorLayerRun run, int step)
    {
        double share = run.State("y.tracker").Average(t => t < layer.Number("track_threshold") ? 1.0 : 0);
        Assert.Equal(layer.File.ReadFloat64($"f64.step{step}.silent_fraction")[0], share, 1e-12);
    }

    private static void OnEveryDevice(Action<Device, bool> check)
    {
        using (var device = new ReferenceDevice())
            check(device, true);
        foreach (int bits in CpuVectors.Available)
            foreach (int threads in new[] { 1, 3 })
            {
                using var device = new CpuDevice(threads, bits);
                check(device, false);
            }

        foreach (string order in GpuUnderTest.Orders)
            GpuUnderTest.Use(order, device => check(device, false));
    }

    /// <summary>Compares with the recorded numbers: the reference device with those in double, any other with those in single.</summary>
    private sealed class Comparer(EstimatorLayerCase layer, Device device, bool exact)
    {
        public void Same(string tensor, double[] ours) =>
            Check(tensor, ours, layer.File.ReadFloat64(exact ? "f64." + tensor : tensor));

        /// <summary>What was recorded in double only.</summary>
        public void Doubles(string tensor, double[] ours) => Check(tensor, ours, layer.File.ReadFloat64("f64." + tensor));

        /// <summary>What was recorded at some places, with its norm.</summary>
        public void Values(string tensor, double[] ours)
        {
            long[] index = layer.File.ReadInt64("index");
            Check(tensor, [.. index.Select(i => ours[i])], layer.File.ReadFloat64($"f64.{tensor}_value"));
            double norm = layer.File.ReadFloat64($"f64.{tensor}_norm")[0];
            Assert.Equal(norm, Math.Sqrt(ours.Sum(v => v * v)), Double * norm);
        }

        private void Check(string tensor, double[] ours, double[] recorded)
        {
            double distance = ModelCase.Distance(ours, recorded), tolerance = exact ? Double : Single;
            Assert.True(distance <= tolerance, string.Create(CultureInfo.InvariantCulture,
                $"{tensor}, {device.Description}: distance {distance:e2}, tolerance {tolerance:e0}; "
                + $"first {ours[0]:r}, recorded {recorded[0]:r}"));
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{tensor}, {device.Description}: distance {distance:e2}"));
        }
    }
}
