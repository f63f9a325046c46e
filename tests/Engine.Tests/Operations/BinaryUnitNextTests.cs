using ReSTE.Native.Devices;
using ReSTE.Native.Engine.Tests.Cuda;
using ReSTE.Native.Engine.Tests.Reference;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Estimators;
using ReSTE.Native.Operations;
using ReSTE.Native.Ops;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;
using CudaDevice = ReSTE.Native.Devices.Cuda.CudaDevice;
using SignForm = ReSTE.Native.Devices.Cuda.SignForm;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>
/// A unit that does the second half of the one before it, or of a batch norm, changes no bit: a first layer and units of 16, 32 and 64
/// channels, finished by the next or each by itself.
/// </summary>
[Trait("Category", "Device")]
public sealed class BinaryUnitNextTests
{
    private const int Seed = 23, Each = int.MaxValue, Together = 1, Units = 6;

    public static TheoryData<string, bool> Cases =>
        new MatrixTheoryData<string, bool>(["3x9x7", "1x8x8", "5x4x5", "2x33x3", "19x2x2", "9x16x16"], [true, false]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Units_finished_by_the_next_leave_the_same_bits(string images, bool training)
    {
        GpuUnderTest.Require();
        (int n, int h, int w) = Parse(images);
        Run expected = Run.Of(GpuUnderTest.Orders[0], Each, null, n, h, w, training);
        foreach (string order in GpuUnderTest.Orders)
        {
            Run actual = Run.Of(order, Together, null, n, h, w, training);
            Assert.Equal(Units, expected.ForwardLaunches - actual.ForwardLaunches);
            Snapshot.AssertSame($"{images}, {order}", expected.Values, actual.Values);
        }
    }

    // On a GPU only its own form runs.
    [Theory]
    [InlineData("3x9x7")]
    [InlineData("2x8x8")]
    public void So_they_do_in_every_form(string images)
    {
        GpuUnderTest.Require();
        (int n, int h, int w) = Parse(images);
        SignForm[] forms = GpuUnderTest.IsEmulated ? Enum.GetValues<SignForm>() : [];
        foreach (SignForm form in forms)
        {
            Run expected = Run.Of(GpuUnderTest.Orders[0], Each, form, n, h, w, training: true);
            Run actual = Run.Of(GpuUnderTest.Orders[^1], Together, form, n, h, w, training: true);
            Assert.Equal(Units, expected.ForwardLaunches - actual.ForwardLaunches);
            Snapshot.AssertSame($"{images}, {form}", expected.Values, actual.Values);
        }
    }

    [Fact]
    public void Few_images_are_not_worth_it()
    {
        GpuUnderTest.Require();
        GpuUnderTest.Use(GpuUnderTest.Orders[0], device =>
        {
            var kernels = (IBinaryUnit)device.Kernels;
            Assert.True(kernels.TakesSecondHalf(new ConvGeometry(128, 32, 32, 16, 16, 3, 1, 1)));
            Assert.False(kernels.TakesSecondHalf(new ConvGeometry(127, 32, 32, 16, 16, 3, 1, 1)));
            // Two images a block, of 64 pixels each for the four warps that have the same filters.
            Assert.True(kernels.TakesSecondHalf(new ConvGeometry(255, 8, 8, 64, 64, 3, 1, 1)));
            Assert.False(kernels.TakesSecondHalf(new ConvGeometry(254, 8, 8, 64, 64, 3, 1, 1)));
            // More filters than a block has, more words, channels that do not fill words.
            Assert.False(kernels.TakesSecondHalf(new ConvGeometry(256, 8, 8, 64, 128, 3, 1, 1)));
            Assert.False(kernels.TakesSecondHalf(new ConvGeometry(256, 8, 8, 256, 64, 3, 1, 1)));
            Assert.False(kernels.TakesSecondHalf(new ConvGeometry(256, 8, 8, 48, 64, 3, 1, 1)));
        });
    }

    private static (int N, int H, int W) Parse(string images) =>
        images.Split('x').Select(int.Parse).ToArray() is [var n, var h, var w] ? (n, h, w) : throw new ArgumentException(images);

    /// <summary>What a tape left that ran forward and backward once.</summary>
    private sealed class Run
    {
        private static readonly Estimator s_estimator = new Reste();

        private readonly Tape _tape;
        private readonly ParameterSet _parameters;
        private readonly List<(string Name, Variable Variable)> _values = [];

        private Run(CudaDevice device, int n, int h, int w, bool training)
        {
            _parameters = new ParameterSet(device);
            _tape = new Tape(device, _parameters, training);
            Variable images = _tape.NewVariable("images", new Shape(n, h, w, 3), needsGradient: false);
            Record(images);
            if (training)
                _tape.Record(new FedGradient(device, _values[^1].Variable, Sample("gradient", _values[^1].Variable.Shape.Count)));
            using var state = new Slab(device, SlabMode.Guarded);
            using var workspace = new Slab(device, SlabMode.Guarded);
            _tape.Seal(workspace);
            _parameters.Place(state);
            state.Commit();
            _parameters.Bind();
            workspace.Commit();
            Fill(device, images);
            long before = device.Launches;
            _tape.Forward();
            ForwardLaunches = device.Launches - before;
            _tape.Backward();
            workspace.CheckGuards();
            state.CheckGuards();
            Read(device, training);
            _tape.Dispose();
        }

        public long ForwardLaunches { get; }

        public Dictionary<string, double[]> Values { get; } = [];

        public static Run Of(string order, int fewestImageBlocks, SignForm? form, int n, int h, int w, bool training)
        {
            Run? run = null;
            GpuUnderTest.Use(order, fewestImageBlocks, device => run = new Run(device, n, h, w, training), form);
            return run!;
        }

        private static double[] Sample(string name, long count) => SampleValues.Mixed(Seed, name, count);

        private void Record(Variable images)
        {
            Parameter stem = _parameters.Parameter("stem.weight", PublishedLayout.Convolution(16, 3, 3), Initialisation.Constant(0));
            Variable y = Conv.Record(_tape, "stem", images, stem.Variable, stride: 1, padding: 1);
            y = BatchNorm.Record(_tape, "bn", y, rectify: true, BatchNormSettings.Default, shortcut: null);
            Variable? padded = null;
            foreach (var (number, channels, stride) in new[] { (0, 16, 1), (1, 32, 2), (2, 32, 1), (3, 32, 1), (4, 64, 2), (5, 64, 1) })
            {
                if (number is 1 or 4)
                    padded = ShortcutPad.Record(_tape, $"padded{number}", y, channels);
                Parameter w = _parameters.Parameter($"conv{number}.weight", PublishedLayout.Convolution(channels, y.Shape.Last, 3),
                    Initialisation.Constant(0));
                // Padded ones of this unit's x and of the x before, none, and x itself.
                Variable? shortcut = number switch { 1 or 5 => padded, 2 or 4 => null, _ => y };
                var (signs, weights) = s_estimator.Binarize(_tape, $"conv{number}", y, w.Variable, realActivations: false);
                y = BinaryUnit.Record(_tape, $"conv{number}", $"bn{number}", signs, weights, stride, padding: 1,
                    BatchNormSettings.Default, shortcut);
                _values.Add(($"y{number}", y));
            }
        }

        private void Fill(CudaDevice device, Variable images)
        {
            device.WriteReals(images.Value, Sample("images", images.Shape.Count));
            foreach (Parameter p in _parameters.Parameters)
                device.WriteReals(p.Value, Sample(p.Name, p.Value.Shape.Count));
            foreach (StateTensor s in _parameters.Statistics)
                device.WriteReals(s.Value, SampleValues.Fill(Seed, s.Name, s.Value.Shape.Count, r => 0.25 + r.NextDouble()));
            _parameters.Knobs.Set(Estimator.WeightSlopeKnob, new SlopeParameters(2, 1.5, 0.1f, (float)(Math.Pow(0.1, 0.5) / 0.1)));
            _parameters.Knobs.Set(Estimator.ActivationSlopeKnob, new SlopeParameters(3, 1.5, 0.1f, (float)(Math.Pow(0.1, 1.0 / 3) / 0.1)));
            _parameters.Knobs.Upload();
        }

        // The memory of values in between may be used again; the last one's stays, as do gradients of parameters and statistics.
        private void Read(CudaDevice device, bool training)
        {
            Values.Add("y", device.ReadReals(_values[^1].Variable.Value));
            foreach (StateTensor s in _parameters.Statistics)
                Values.Add(s.Name, device.ReadReals(s.Value));
            foreach (Parameter p in _parameters.Parameters.Where(_ => training))
                Values.Add("d" + p.Name, device.ReadReals(p.Variable.Gradient!));
        }
    }
}
