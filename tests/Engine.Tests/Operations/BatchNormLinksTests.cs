using ReSTE.Native.Devices;
using ReSTE.Native.Engine.Tests.Cuda;
using ReSTE.Native.Engine.Tests.Reference;
using ReSTE.Native.Operations;
using ReSTE.Native.Ops;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;
using CudaDevice = ReSTE.Native.Devices.Cuda.CudaDevice;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>
/// What a batch norm does for the ops around it changes no bit: tapes of [convolution, batch norm, signs], linked and, for the
/// convolution's input wants its gradient or the signs are packed twice, not linked.
/// </summary>
[Trait("Category", "Device")]
public sealed class BatchNormLinksTests
{
    private const int Seed = 17;

    public static TheoryData<string, bool> Cases => new MatrixTheoryData<string, bool>(
        ["3x9x7x3 16 3 1 1", "2x12x12x3 64 7 2 3", "5x4x4x3 128 3 1 1", "2x5x7x3 24 3 1 1", "1x3x3x1 8 3 2 1", "2x5x5x5 48 1 1 0"],
        [true, false]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_convolution_finds_its_gradient_from_that_of_its_norm(string geometry, bool rectify)
    {
        GpuUnderTest.Require();
        ConvGeometry g = ConvCases.Parse(geometry);
        foreach (string order in GpuUnderTest.Orders)
        {
            GpuUnderTest.Use(order, device =>
            {
                using var linked = new Run(device, g, rectify, inputWantsGradient: false);
                using var apart = new Run(device, g, rectify, inputWantsGradient: true);
                // The gradient of the norm's input is a launch, and that of the convolution's; slices of both are added up by the same.
                Assert.Equal(2, apart.BackwardLaunches - linked.BackwardLaunches);
                Assert.Equal(apart.WeightGradient, linked.WeightGradient);
            });
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Signs_are_packed_as_the_norm_is_written(string geometry, bool rectify)
    {
        GpuUnderTest.Require();
        ConvGeometry g = ConvCases.Parse(geometry);
        bool packs = g.O is 16 or 64 or 128;
        foreach (bool training in new[] { true, false })
        {
            GpuUnderTest.Use(GpuUnderTest.Orders[^1], device =>
            {
                using var run = new Run(device, g, rectify, inputWantsGradient: false, training);
                int statistics = !training || g is { I: 3, K: 3, O: 16 or 128 } ? 0 : 1;
                Assert.Equal(2 + statistics + (packs ? 1 : 2), run.ForwardLaunches);
                Assert.Equal(run.SignsAgain, run.Signs);
                Assert.Contains(run.Signs, word => word != 0);
            });
        }
    }

    // The convolution's own bits are those of the plain kernel; sums of them are added up in another order, in double.
    [Theory]
    [MemberData(nameof(Cases))]
    public void Statistics_that_a_convolution_finds_are_those_of_its_result(string geometry, bool rectify)
    {
        GpuUnderTest.Require();
        ConvGeometry g = ConvCases.Parse(geometry);
        double[][] results = new double[2][], convolutions = new double[2][];
        foreach (bool plain in new[] { false, true })
        {
            GpuUnderTest.Use(GpuUnderTest.Orders[0], device =>
            {
                using var run = new Run(device, g, rectify, inputWantsGradient: false);
                (results[plain ? 1 : 0], convolutions[plain ? 1 : 0]) = (run.Statistics, run.Convolution);
            }, plainKernels: plain);
        }
        Assert.Equal(convolutions[1], convolutions[0]);
        for (int i = 0; i < results[0].Length; i++)
            Assert.Equal(results[1][i], results[0][i], 2e-7 * Math.Max(1, Math.Abs(results[1][i])));
    }

    /// <summary>A tape that has run once.</summary>
    private sealed class Run : IDisposable
    {
        private readonly Tape _tape;
        private readonly Slab _state, _workspace;

        public Run(CudaDevice device, ConvGeometry g, bool rectify, bool inputWantsGradient, bool training = true)
        {
            var parameters = new ParameterSet(device);
            _tape = new Tape(device, parameters, training);
            Variable x = _tape.NewVariable("x", g.Input, inputWantsGradient);
            Parameter w = parameters.Parameter("conv.weight", PublishedLayout.Convolution(g.O, g.I, g.K), Initialisation.Constant(0));
            Variable conv = Conv.Record(_tape, "conv", x, w.Variable, g.Stride, g.Padding);
            Variable y = BatchNorm.Record(_tape, "bn", conv, rectify, BatchNormSettings.Default, shortcut: null);
            Tensor signs = SignPack.Record(_tape, "first", y), again = SignPack.Record(_tape, "second", y);
            if (training)
                _tape.Record(new FedGradient(device, y, Sample("dy", y.Shape.Count)));
            foreach (Tensor tensor in new[] { conv.Value, signs, again })
                _tape.Keep(tensor);
            _state = new Slab(device, SlabMode.Guarded);
            _workspace = new Slab(device, SlabMode.Guarded);
            _tape.Seal(_workspace);
            parameters.Place(_state);
            _state.Commit();
            parameters.Bind();
            _workspace.Commit();
            device.WriteReals(x.Value, Sample("x", x.Shape.Count));
            device.WriteReals(w.Value, Sample("w", w.Value.Shape.Count));
            foreach (Parameter p in parameters.Parameters.Skip(1))
                device.WriteReals(p.Value, Sample(p.Name, p.Value.Shape.Count));
            foreach (StateTensor s in parameters.Statistics)
                device.WriteReals(s.Value, SampleValues.Fill(Seed, s.Name, s.Value.Shape.Count, r => 0.25 + r.NextDouble()));
            ForwardLaunches = Counted(device, _tape.Forward);
            BackwardLaunches = Counted(device, _tape.Backward);
            _workspace.CheckGuards();
            _state.CheckGuards();
            Signs = Words(device, signs);
            SignsAgain = Words(device, again);
            Convolution = device.ReadReals(conv.Value);
            Statistics = [.. parameters.Statistics.SelectMany(s => device.ReadReals(s.Value))];
            WeightGradient = training ? device.ReadReals(w.Variable.Gradient!) : [];
        }

        public long ForwardLaunches { get; }

        public long BackwardLaunches { get; }

        public uint[] Signs { get; }

        public uint[] SignsAgain { get; }

        public double[] Convolution { get; }

        /// <summary>The running ones, after the batch.</summary>
        public double[] Statistics { get; }

        public double[] WeightGradient { get; }

        public void Dispose()
        {
            _tape.Dispose();
            _workspace.Dispose();
            _state.Dispose();
        }

        private static double[] Sample(string name, long count) => SampleValues.Mixed(Seed, name, count);

        private static long Counted(CudaDevice device, Action run)
        {
            long before = device.Launches;
            run();
            return device.Launches - before;
        }

        private static uint[] Words(Device device, Tensor tensor)
        {
            var words = new uint[tensor.Shape.Count];
            device.Read<uint>(tensor, words);
            return words;
        }
    }
}
