using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Engine.Tests.Cuda;
using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>The weights' gradients of several units in one launch against plain loops in double, and against a launch a unit.</summary>
[Trait("Category", "Device")]
public sealed class BinaryUnitWeightGradsTests
{
    // One image and odd ones, a tile that hangs over, strides, channels that leave part of a block idle on either side.
    private static readonly string[] s_mixed =
    [
        "1x5x7x32 32 3 1 1", "3x9x7x16 32 3 2 1", "2x3x3x24 40 3 1 1", "1x6x5x40 72 3 1 1", "5x4x4x64 64 3 1 1", "2x11x9x72 16 3 2 1",
        "1x1x1x32 8 3 1 1", "2x5x6x48 32 3 1 0",
    ];

    public static TheoryData<string> Tables => ["mixed", "many", "one"];

    [Theory]
    [MemberData(nameof(Tables))]
    public void Gradients_agree(string table)
    {
        GpuUnderTest.Require();
        ConvGeometry[] units = [.. Table(table).Select(ConvCases.Parse)];
        var results = new List<double[][]>();
        foreach (string order in GpuUnderTest.Orders)
            GpuUnderTest.Use(order, device => results.Add(Together(device, units)));
        for (int i = 0; i < units.Length; i++)
        {
            AssertFollows(new UnitGradientCase(units[i], i), results[0][i]);
            Assert.All(results, result => Assert.Equal(results[0][i], result[i]));
        }
    }

    // 320 tiles of 32 filters and channels are more than the blocks of a launch: slices of several, the last of fewer.
    [Fact(Explicit = true)]
    [Trait("Category", Long.Category)]
    public void Slices_of_several_tiles_agree()
    {
        GpuUnderTest.Require();
        ConvGeometry[] units = [ConvCases.Parse("5x8x16x256 256 3 1 1"), ConvCases.Parse("1x5x5x32 64 3 1 1")];
        GpuUnderTest.Use(GpuUnderTest.Orders[^1], device =>
        {
            Assert.Equal([3, 1], ((IBinaryUnitWeightGrads)device.Kernels).WeightGradSlices(units));
            foreach (var (i, sums) in Together(device, units).Index())
                AssertFollows(new UnitGradientCase(units[i], i), sums);
        });
    }

    // Where the slices are the same, so are the bits: here one tile, and one slice.
    [Theory]
    [InlineData("1x5x7x32 32 3 1 1")]
    [InlineData("5x4x4x64 64 3 1 1")]
    public void A_unit_has_the_bits_of_a_launch_of_its_own(string geometry)
    {
        GpuUnderTest.Require();
        ConvGeometry g = ConvCases.Parse(geometry);
        GpuUnderTest.Use(GpuUnderTest.Orders[0], device =>
        {
            var kernels = (CudaKernels)device.Kernels;
            Assert.Equal([1, 1], kernels.WeightGradSlices([g, g]));
            Assert.Equal(1, kernels.WeightGradSlices(g));
            double[] alone = Run(device, [new(g, 0)], [1], units => kernels.BinaryUnitBackward(units[0]))[0];
            Assert.Equal(alone, Together(device, [g, g])[0]);
        });
    }

    [Fact]
    public void Units_that_ask_for_little_are_gathered()
    {
        GpuUnderTest.Require();
        using CudaDevice device = GpuUnderTest.Open(), plain = GpuUnderTest.Open(plainKernels: true);
        // ResNet-20 at batch 256, all but the first layers, which have a kernel for both gradients; VGG-small; one that is mostly idle.
        Assert.True(Gathers(device, "256x32x32x16 32 3 2 1"));
        Assert.True(Gathers(device, "256x16x16x32 32 3 1 1"));
        Assert.True(Gathers(device, "256x8x8x64 64 3 1 1"));
        Assert.False(Gathers(device, "256x32x32x16 16 3 1 1"));
        Assert.False(Gathers(device, "256x16x16x256 256 3 1 1"));
        Assert.False(Gathers(device, "2x8x8x8 32 3 2 1"));
        Assert.False(Gathers(plain, "256x8x8x64 64 3 1 1"));
    }

    private static bool Gathers(CudaDevice device, string geometry) =>
        ((IBinaryUnitWeightGrads)device.Kernels).GathersWeightGrad(ConvCases.Parse(geometry));

    private static IEnumerable<string> Table(string table) => table switch
    {
        "many" => Enumerable.Range(0, 2 * UnitWeightGradsArgument.Most + 1).Select(i => $"{1 + i % 2}x{1 + i % 3}x4x16 32 3 1 1"),
        "one" => s_mixed.Take(1),
        _ => s_mixed,
    };

    private static double[][] Together(CudaDevice device, ConvGeometry[] units)
    {
        var kernels = (IBinaryUnitWeightGrads)device.Kernels;
        return Run(device, [.. units.Select((g, i) => new UnitGradientCase(g, i))], kernels.WeightGradSlices(units),
            kernels.BinaryUnitWeightGrads);
    }

    // The sums of the slices, added up in single precision as they come.
    private static double[][] Run(CudaDevice device, UnitGradientCase[] cases, IReadOnlyList<int> slices,
        Action<BinaryUnitArguments[]> launch)
    {
        using var slab = new Slab(device, SlabMode.Guarded);
        BinaryUnitArguments[] units = [.. cases.Select((c, i) => c.Place(device, slab, slices[i]))];
        slab.Commit();
        for (int i = 0; i < units.Length; i++)
            cases[i].Write(device, units[i]);
        launch(units);
        slab.CheckGuards();
        return
        [
            .. units.Select(unit =>
            {
                double[] values = device.ReadReals(unit.DSlices!);
                var sums = new double[unit.Geometry.Weight.Count];
                for (int i = 0; i < values.Length; i++)
                    sums[i % sums.Length] = (float)(sums[i % sums.Length] + values[i]);
                return sums;
            }),
        ];
    }

    // A number of two parts of bf16 is off by 2^-17 of it; single precision adds a few 2^-24 for each of up to some hundred sums. What is
    // smaller than its smallest number is lost.
    private static void AssertFollows(UnitGradientCase unit, double[] actual)
    {
        double[] expected = unit.Expected(out double[] sizes);
        int filter = expected.Length / unit.Geometry.O;
        for (int i = 0; i < expected.Length; i++)
        {
            double bound = 2e-5 * sizes[i / filter] + 1e-37;
            Assert.True(Math.Abs(expected[i] - actual[i]) <= bound,
                $"{unit.Geometry} at {i}: {expected[i]}, not {actual[i]}, within {bound}");
        }
    }
}

/// <summary>What the gradient of one unit's weights is found from, and the gradient by its formula.</summary>
internal sealed class UnitGradientCase(ConvGeometry g, int number)
{
    private const int Seed = 29;
    private const double Scale = 0.125;

    private readonly double[] _dy = Sample($"dy{number}", g.Output.Count), _x = Sample($"x{number}", g.Input.Count);
    private readonly double[] _gamma = Sample($"gamma{number}", g.O), _mean = Positive($"mean{number}", g.O),
        _deviation = Positive($"deviation{number}", g.O), _dgamma = Sample($"dgamma{number}", g.O), _dbeta = Sample($"dbeta{number}", g.O);

    private readonly short[] _counts =
        [.. SampleValues.Fill(Seed, $"counts{number}", g.Output.Count, random => random.Next(-20, 40)).Select(n => (short)n)];

    public ConvGeometry Geometry => g;

    // Every third unit has no gamma.
    private bool HasGamma => number % 3 != 2;

    /// <summary>The gradient, and the sum of all sizes that a filter's weights are sums of.</summary>
    public double[] Expected(out double[] sizes)
    {
        var dw = new double[g.Weight.Count];
        sizes = new double[g.O];
        for (int at = 0; at < _dy.Length; at++)
        {
            int o = at % g.O, pixel = at / g.O, column = pixel % g.OW, row = pixel / g.OW % g.OH, image = pixel / g.OW / g.OH;
            double dz = GradientOfCount(at, o);
            sizes[o] += Math.Abs(dz);
            for (int tap = 0; tap < g.K * g.K; tap++)
            {
                int y = row * g.Stride - g.Padding + tap / g.K, x = column * g.Stride - g.Padding + tap % g.K;
                if (y < 0 || y >= g.H || x < 0 || x >= g.W)
                    continue;
                for (int i = 0; i < g.I; i++)
                    dw[(o * g.K * g.K + tap) * g.I + i] += _x[((image * g.H + y) * g.W + x) * g.I + i] < 0 ? -dz : dz;
            }
        }

        return dw;
    }

    /// <summary>The unit's tensors, as far as its weights' gradient needs them.</summary>
    public BinaryUnitArguments Place(Device device, Slab slab, int slices)
    {
        Tensor Reals(string name, Shape shape) => slab.Place(device.NewTensor(name + number, shape));
        Tensor Bits(string name, Shape shape) =>
            slab.Place(device.NewTensor(name + number, Ops.SignPack.Packed(shape), ElementType.Bits32));
        var c = new Shape(g.O);
        return new()
        {
            Geometry = g,
            Training = true,
            X = Reals("x", g.Input),
            XSigns = Bits("x signs", g.Input),
            WSigns = Bits("w signs", g.Weight),
            Scale = Reals("scale", new(1)),
            Settings = new(),
            Gamma = HasGamma ? Reals("gamma", c) : null,
            Beta = null,
            RunningMean = Reals("running mean", c),
            RunningVariance = Reals("running variance", c),
            Shortcut = null,
            Conv = slab.Place(device.NewTensor("counts" + number, new((int)g.Output.Count * sizeof(short)), ElementType.UInt8)),
            Mean = Reals("mean", c),
            InvStd = Reals("inv std", c),
            Y = Reals("y", g.Output),
            YSigns = Bits("y signs", g.Output),
            Slope = SlopeKind.Identity,
            SlopeParameters = Reals("slope", new(4)),
            ForwardScratch = null,
            BackwardScratch = null,
            DSlices = Reals("slices", new(slices, g.O, g.K * g.K * g.I)),
            Dy = Reals("dy", g.Output),
            DGamma = Reals("d gamma", c),
            DBeta = Reals("d beta", c),
            DxMode = GradMode.None,
            SumsAreGiven = true,
        };
    }

    public void Write(Device device, BinaryUnitArguments unit)
    {
        device.WriteReals(unit.Dy!, _dy);
        device.Write<short>(unit.Conv, _counts);
        device.WriteReals(unit.Scale, [Scale]);
        if (unit.Gamma != null)
            device.WriteReals(unit.Gamma, _gamma);
        device.WriteReals(unit.Mean, _mean);
        device.WriteReals(unit.InvStd, _deviation);
        device.WriteReals(unit.DGamma!, _dgamma);
        device.WriteReals(unit.DBeta!, _dbeta);
        device.Write<uint>(unit.XSigns, Packed());
    }

    // dz = gamma inv_std (dy - dbeta / R - xhat dgamma / R) where n > 0, with xhat = (scale n - mean) inv_std.
    private double GradientOfCount(int at, int o)
    {
        if (_counts[at] <= 0)
            return 0;
        double rows = g.Output.Rows, normalised = (Scale * _counts[at] - _mean[o]) * _deviation[o];
        return (HasGamma ? _gamma[o] : 1) * _deviation[o] * (_dy[at] - _dbeta[o] / rows - normalised * _dgamma[o] / rows);
    }

    private uint[] Packed()
    {
        int words = Bits.Words(g.I);
        var packed = new uint[_x.Length / g.I * words];
        for (int i = 0; i < _x.Length; i++)
            packed[i / g.I * words + i % g.I / Bits.PerWord] |= _x[i] < 0 ? 1u << (i % g.I % Bits.PerWord) : 0;
        return packed;
    }

    private static double[] Sample(string name, long count) => SampleValues.Mixed(Seed, name, count);

    private static double[] Positive(string name, long count) => SampleValues.Fill(Seed, name, count, r => 0.25 + r.NextDouble());
}
