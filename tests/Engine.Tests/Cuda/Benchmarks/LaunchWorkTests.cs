using System.Reflection;
using System.Runtime.CompilerServices;
using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Cuda.Benchmarks;

/// <summary>
/// What launches have to do, worked out from their arguments, against the sizes of the tensors that the operation was given. Nothing runs.
/// </summary>
[Trait("Category", "Device")]
public sealed partial class LaunchWorkTests
{
    private static readonly ConvGeometry Odd = new(3, 9, 7, 40, 24, 3, 2, 1), Whole = new(2, 8, 8, 16, 32, 3, 1, 1);

    public static TheoryData<string> Kernels => [.. ArgumentTypes().Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_kernel_says_what_it_has_to_do(string name)
    {
        Type type = ArgumentTypes().Single(t => t.Name == name);
        object args = RuntimeHelpers.GetUninitializedObject(type);
        foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic))
        {
            if (field.FieldType == typeof(uint))
                field.SetValue(args, 1u);
            else if (field.FieldType == typeof(ConvGeometryArgument))
                field.SetValue(args, new ConvGeometryArgument(new ConvGeometry(1, 3, 3, 1, 1, 3, 1, 1)));
            else if (field.FieldType == typeof(SignLayersArgument))
                field.SetValue(args, OneLayer());
            else if (field.FieldType == typeof(UnitWeightGradsArgument))
                field.SetValue(args, OneUnit());
        }

        Assert.True(KernelWork.Of((IKernelArgs)args, new Grid(1)).Bytes > 0);
    }

    private static SignLayersArgument OneLayer()
    {
        var layers = new SignLayersArgument();
        layers[0] = new() { Count = 1, Channels = 1, Slices = 1 };
        return layers;
    }

    private static UnitWeightGradsArgument OneUnit()
    {
        var units = new UnitWeightGradsArgument();
        units[0] = new() { G = new(new ConvGeometry(1, 3, 3, 1, 1, 3, 1, 1)), Tiles = 1, SliceTiles = 1 };
        return units;
    }

    [Fact]
    public void Multiply_adds_are_those_of_the_loops()
    {
        long products = 0;
        for (int pixel = 0; pixel < Odd.N * Odd.OH * Odd.OW; pixel++)
            for (int filter = 0; filter < Odd.O; filter++)
                products += Odd.K * Odd.K * Odd.I;
        Assert.Equal(products, Odd.Products);
        Assert.Equal(products, new ConvElements(new(Odd)).Products);
    }

    [Fact]
    public void A_binary_convolution_moves_words_of_signs() => Assert.All([Odd, Whole], g => Check(b =>
    {
        Tensor x = b.Bits("x", g.Input), w = b.Bits("w", g.Weight), scale = b.Reals("scale", new(1)), y = b.Reals("y", g.Output);
        return (k => k.BinaryConvForward(x, w, scale, g, y, null), [new(Bytes(x, w, scale, y), Bits: g.Products)]);
    }));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Its_input_gradient_reads_what_it_adds_to(int mode) => Assert.All([Odd, Whole], g => Check(b =>
    {
        Tensor dy = b.Reals("dy", g.Output), w = b.Bits("w", g.Weight), scale = b.Reals("scale", new(1)), x = b.Reals("x", g.Input),
            slope = b.Reals("slope", new(4)), dx = b.Reals("dx", g.Input);
        return (k => k.BinaryConvInputGrad(dy, w, scale, x, SlopeKind.Identity, slope, g, dx, (GradMode)mode, null),
            [new(Bytes(dy, w, scale, x, slope) + mode * dx.Bytes, Sign: g.Products)]);
    }));

    [Fact]
    public void A_weight_gradient_leaves_a_sum_a_slice_and_adds_them_up() => Check(b =>
    {
        Tensor dy = b.Reals("dy", Odd.Output), x = b.Bits("x", Odd.Input), dw = b.Reals("dw", Odd.Weight);
        Tensor slices = b.Bytes("slices", b.Device.Kernels.ScratchBytes(ScratchUse.BinaryConvWeightGrad, Odd));
        return (k => k.BinaryConvWeightGrad(dy, x, Odd, dw, slices),
            [new(Bytes(dy, x, slices), Sign: Odd.Products), new(Bytes(slices, dw))]);
    });

    [Fact]
    public void Real_convolutions_count_reals() => Check(b =>
    {
        Tensor x = b.Reals("x", Odd.Input), w = b.Reals("w", Odd.Weight), y = b.Reals("y", Odd.Output);
        Tensor slices = b.Bytes("slices", b.Device.Kernels.ScratchBytes(ScratchUse.ConvWeightGrad, Odd));
        return (k =>
        {
            k.ConvForward(x, w, Odd, y, null);
            k.ConvInputGrad(y, w, Odd, x, GradMode.Add, null);
            k.ConvWeightGrad(y, x, Odd, w, GradMode.Add, slices);
        }, [new(Bytes(x, w, y), Real: Odd.Products), new(Bytes(x, w, y, x), Real: Odd.Products),
            new(Bytes(x, y, slices), Real: Odd.Products), new(Bytes(slices, w, w))]);
    });

    [Fact]
    public void Of_x_a_stride_above_the_filter_leaves_pixels_out()
    {
        var g = new ConvGeometry(2, 8, 8, 32, 16, 1, 2, 0);
        Check(b =>
        {
            Tensor x = b.Reals("x", g.Input), w = b.Reals("w", g.Weight), y = b.Reals("y", g.Output);
            return (k => k.ConvForward(x, w, g, y, null), [new(x.Bytes / 4 + Bytes(w, y), Real: g.Products)]);
        });
    }

    [Fact]
    public void A_unit_keeps_counts_of_sixteen_bits() => Check(b =>
    {
        ConvGeometry g = Whole;
        BinaryUnitArguments u = b.Unit(g);
        long counts = u.Y.Bytes / 2, channel = g.O * sizeof(float), parameters = 5 * channel;
        long sums = 2 * 2 * g.O * sizeof(ulong), statistics = Bytes(u.Mean, u.InvStd) + 2 * Bytes(u.RunningMean, u.RunningVariance);
        var kernels = (CudaKernels)b.Device.Kernels;
        return (_ =>
        {
            kernels.BinaryUnitForward(u);
            kernels.BinaryUnitBackward(u);
        },
        [
            new(Bytes(u.XSigns, u.WSigns, u.Scale) + counts + sums + statistics, Bits: g.Products),
            new(counts + Bytes(u.Scale, u.Gamma!, u.Beta!, u.Shortcut!, u.Mean, u.InvStd, u.Y, u.YSigns)),
            new(u.Dy!.Bytes + counts + u.Scale.Bytes + 4 * channel + 2 * Blocks(u) * 2 * g.O * sizeof(double)),
            new(u.Dy.Bytes + counts + u.Scale.Bytes + parameters + Bytes(u.XSigns, b.Slices!), Sign: g.Products),
            new(Bytes(b.Slices!, u.DSigns!)),
            new(u.Dy.Bytes + counts + u.Scale.Bytes + parameters + Bytes(u.WSigns, u.X, u.SlopeParameters, u.Dx!, u.Dx!), Sign: g.Products),
        ]);

        // A block takes as many rows as its threads have room for, four channels a thread.
        static long Blocks(BinaryUnitArguments u) => Math.Min((u.Y.Shape.Rows + 31) / 32, 132);
    });

    // x is not read, nor the sums of its gradient left to a launch of their own: 16-bit counts of the unit before stand for both. Of 16
    // channels both gradients are one launch.
    [Fact]
    public void A_linked_unit_reads_counts_in_place_of_its_input() => Check(b =>
    {
        ConvGeometry g = Whole with { O = 16 };
        BinaryUnitArguments first = b.Unit(g), u = b.Unit(g, first);
        first.StoresY = false;
        long counts = u.Y.Bytes / 2, parameters = 5 * g.O * sizeof(float), sums = 2 * u.Y.Shape.Rows / 128 * 2 * g.I * sizeof(double);
        var kernels = (CudaKernels)b.Device.Kernels;
        return (_ =>
        {
            kernels.BinaryUnitForward(first);
            kernels.BinaryUnitBackward(u);
        },
        [
            new(Bytes(first.XSigns, first.WSigns, first.Scale) + counts + 2 * 2 * g.O * sizeof(ulong)
                + Bytes(first.Mean, first.InvStd) + 2 * Bytes(first.RunningMean, first.RunningVariance), Bits: g.Products),
            new(counts + Bytes(first.Scale, first.Gamma!, first.Beta!, first.Shortcut!, first.Mean, first.InvStd, first.YSigns)),
            new(u.Dy!.Bytes + counts + u.Scale.Bytes + parameters + Bytes(u.XSigns, b.Slices!, u.WSigns, u.SlopeParameters, u.Dx!, u.Dx!)
                + counts + Bytes(first.Scale, first.Gamma!, first.Beta!, first.Mean, first.InvStd) + sums
                + Bytes(first.DGamma!, first.DBeta!), Sign: 2 * g.Products),
            new(Bytes(b.Slices!, u.DSigns!)),
        ]);
    });

    [Fact]
    public void Units_that_are_gathered_read_what_each_reads_alone() => Check(b =>
    {
        var kernels = (CudaKernels)b.Device.Kernels;
        ConvGeometry[] sizes = [new(3, 9, 7, 40, 32, 3, 2, 1), new(2, 8, 8, 64, 64, 3, 1, 1)];
        IReadOnlyList<int> slices = kernels.WeightGradSlices(sizes);
        BinaryUnitArguments[] units = [.. sizes.Select(g => b.Unit(g))];
        foreach (var (i, u) in units.Index())
            u.DSlices = b.Reals("slices", new(slices[i], u.Geometry.O, u.Geometry.K * u.Geometry.K * u.Geometry.I));
        return (_ => kernels.BinaryUnitWeightGrads(units),
        [
            new(units.Sum(u => Bytes(u.Dy!, u.XSigns, u.Scale, u.Gamma!, u.Mean, u.InvStd, u.DGamma!, u.DBeta!, u.DSlices!)
                + u.Conv.Bytes / 2), Sign: sizes.Sum(g => g.Products)),
        ]);
    });

    // The shortcut's gradient lies elsewhere: as much is read and written as where dx is added to.
    [Fact]
    public void A_gradient_that_starts_from_another_reads_that_one() => Check(b =>
    {
        ConvGeometry g = new(2, 8, 8, 32, 32, 3, 1, 1);
        BinaryUnitArguments u = b.Unit(g);
        (u.SumsAreGiven, u.LeavesWeights, u.DxMode, u.DShortcut) = (true, true, GradMode.Write, b.Reals("shortcut", g.Input));
        var kernels = (CudaKernels)b.Device.Kernels;
        return (_ => kernels.BinaryUnitBackward(u),
        [
            new(u.Dy!.Bytes + u.Conv.Bytes / 2 + Bytes(u.Scale, u.Gamma!, u.Mean, u.InvStd, u.DGamma!, u.DBeta!, u.WSigns, u.X,
                u.SlopeParameters, u.Dx!, u.DShortcut), Sign: g.Products),
        ]);
    });

    [Fact]
    public void Layers_move_their_weights_once_and_every_slice_of_a_gradient() => Check(b =>
    {
        SignLayer[] layers = [b.SignLayer(new(8, 3, 3, 40), slices: 5, GradMode.Write), b.SignLayer(new(16, 3, 3, 64), 1, GradMode.Add)];
        var real = new SlicedGradient(b.Reals("real slices", new(7, 16, 27)), b.Reals("real dw", new(16, 27)));
        Tensor slope = b.Reals("slope", new(4));
        // Blocks: of 32 words of signs; of 256 weights, for so few slices have no threads to share them.
        long partial = 2 * sizeof(double), shares = 2 * sizeof(float);
        var kernels = (CudaKernels)b.Device.Kernels;
        return (_ =>
        {
            kernels.BinarizeWeights(layers);
            kernels.BinarizeWeightsBackward(layers, [real], attached: true, SlopeKind.Identity, slope);
        },
        [
            new(layers.Sum(l => Bytes(l.W, l.Signs, l.Scale!)) + (5 + 9) * partial),
            new(layers.Sum(l => Bytes(l.W, l.DSigns!)) + layers[0].W.Bytes + shares + (12 + 36) * partial + Bytes(real.Slices, real.Dw)),
            new(layers.Sum(l => Bytes(l.W, l.W, l.Dw!, l.Scale!)) + layers[1].Dw!.Bytes + shares + slope.Bytes),
        ]);
    });

    [Fact]
    public void Batch_norm_moves_its_input_twice_forward() => Check(b =>
    {
        Tensor x = b.Reals("x", new(6, 5, 5, 24)), y = b.Reals("y", x.Shape), gamma = b.Reals("gamma", new(24)),
            beta = b.Reals("beta", new(24)), mean = b.Reals("mean", new(24)), variance = b.Reals("variance", new(24)),
            m = b.Reals("m", new(24)), s = b.Reals("s", new(24));
        Tensor sums = b.Bytes("sums", b.Device.Kernels.ScratchBytes(ScratchUse.BatchNormForward, x.Shape));
        return (k => k.BatchNormForward(x, false, gamma, beta, null, mean, variance, new(), m, s, y, sums),
            [new(Bytes(x, sums, sums, m, s) + 2 * Bytes(mean, variance)), new(Bytes(x, gamma, beta, m, s, y))]);
    });

    [Fact]
    public void Batch_norm_packs_the_signs_of_what_it_writes() => Check(b =>
    {
        Tensor x = b.Reals("x", new(6, 5, 5, 32)), y = b.Reals("y", x.Shape), m = b.Reals("m", new(32)), v = b.Reals("v", new(32)),
            bits = b.Bits("bits", x.Shape);
        return (k => ((IBatchNormLinks)k).NormApply(new(new(x, false, null, null, m, v, 1e-5), null, y, bits)),
            [new(Bytes(x, m, v, y, bits))]);
    });

    // 24 channels go through the general kernels, 16 through those of a first layer.
    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    public void A_weight_gradient_of_a_norm_reads_what_the_norm_took(int filters) => Check(b =>
    {
        var g = new ConvGeometry(2, 6, 6, 3, filters, 3, 1, 1);
        var c = new Shape(filters);
        Tensor x = b.Reals("x", g.Input), dy = b.Reals("dy", g.Output), y = b.Reals("y", g.Output), dw = b.Reals("dw", g.Weight),
            gamma = b.Reals("gamma", c), m = b.Reals("m", c), s = b.Reals("s", c), dgamma = b.Reals("dgamma", c),
            dbeta = b.Reals("dbeta", c);
        Tensor slices = b.Bytes("slices", b.Device.Kernels.ScratchBytes(ScratchUse.ConvWeightGrad, g));
        return (k => ((IBatchNormLinks)k).ConvWeightGrad(
            new NormGradient(dy, y, true, gamma, m, s, dgamma, dbeta), x, g, dw, GradMode.Write, slices),
            [new(Bytes(dy, y, x, gamma, m, s, dgamma, dbeta, slices), Real: g.Products), new(Bytes(slices, dw))]);
    });

    [Fact]
    public void A_first_convolution_finds_the_statistics_of_its_norm() => Check(b =>
    {
        var g = new ConvGeometry(5, 16, 16, 3, 32, 3, 1, 1);
        var c = new Shape(32);
        Tensor x = b.Reals("x", g.Input), w = b.Reals("w", g.Weight), y = b.Reals("y", g.Output), m = b.Reals("m", c), s = b.Reals("s", c),
            mean = b.Reals("mean", c), variance = b.Reals("variance", c);
        Tensor sums = b.Bytes("sums", b.Device.Kernels.ScratchBytes(ScratchUse.BatchNormForward, g.Output));
        // Of the sums there is room for more blocks: four tiles of 128 pixels each.
        const long Blocks = 3, Sums = Blocks * 2 * 32 * sizeof(double);
        return (k => ((IBatchNormLinks)k).ConvForward(x, w, g, y, new NormStatistics(true, new(), m, s, mean, variance, sums), null),
            [new(Bytes(x, w, y, m, s) + 2 * Bytes(mean, variance) + 2 * Sums, Real: g.Products)]);
    });

    [Fact]
    public void An_update_reads_and_writes_what_it_keeps() => Check(b =>
    {
        Tensor w = b.Reals("w", new(1000)), dw = b.Reals("dw", new(1000)), momentum = b.Reals("momentum", new(1000)),
            knobs = b.Reals("knobs", new(3));
        return (k => k.SgdStep(w, dw, momentum, knobs), [new(Bytes(dw, knobs) + 2 * Bytes(w, momentum))]);
    });

    [Fact]
    public void The_classifier_multiplies_reals() => Check(b =>
    {
        Tensor x = b.Reals("x", new(5, 33)), w = b.Reals("w", new(10, 33)), bias = b.Reals("b", new(10)), y = b.Reals("y", new(5, 10));
        Tensor labels = b.New("labels", new(5), ElementType.Int32), loss = b.New("loss", new(1), ElementType.Float64),
            metrics = b.New("metrics", new(3), ElementType.Float64);
        const long Products = 5 * 33 * 10;
        return (k =>
        {
            k.LinearForward(x, w, bias, y);
            k.SoftmaxCrossEntropy(y, labels, y, loss, metrics);
            k.LinearWeightGrad(y, x, w, bias);
            k.LinearInputGrad(y, w, x, GradMode.Write);
        }, [new(Bytes(x, w, bias, y), Real: Products), new(2 * y.Bytes + Bytes(labels, loss) + 2 * metrics.Bytes),
            new(Bytes(y, x, w, bias), Real: Products), new(Bytes(y, w, x), Real: Products)]);
    });

    [Fact]
    public void Pools_and_packing_only_move_bytes() => Check(b =>
    {
        Tensor x = b.Reals("x", new(2, 9, 9, 40)), y = b.Reals("y", new(2, 5, 5, 40)), p = b.Reals("p", new(2, 40)),
            taps = b.New("taps", y.Shape, ElementType.UInt8), bits = b.Bits("bits", x.Shape);
        var window = new PoolWindow(3, 2, 1);
        return (k =>
        {
            k.MaxPool(x, window, taps, y);
            k.MaxPoolBackward(y, taps, window, x, GradMode.Add);
            k.AveragePool(x, p);
            k.SignPack(x, bits);
        }, [new(Bytes(x, taps, y)), new(Bytes(y, taps, x, x)), new(Bytes(x, p)), new(Bytes(x, bits))]);
    });

    private static void Check(Func<Bench, (Action<IKernels> Operation, LaunchWork[] Expected)> make)
    {
        GpuUnderTest.Require();
        using CudaDevice device = GpuUnderTest.Open();
        var bench = new Bench(device);
        var (operation, expected) = make(bench);
        bench.Place();
        long before = device.Launches;
        IReadOnlyList<RecordedLaunch> launches = device.List("test", (kernels, _) => operation(kernels));
        Assert.Equal(expected, launches.Select(l => l.Launch.Work));
        Assert.Equal(expected.Length, device.Launches - before);
    }

    private static long Bytes(params Tensor[] tensors) => tensors.Sum(t => t.Bytes);

    // What the device measures with is no work of a step.
    private static IEnumerable<Type> ArgumentTypes() => typeof(IKernelArgs).Assembly.GetTypes()
        .Where(t => t.IsValueType && t.IsAssignableTo(typeof(IKernelArgs)) && !t.Name.StartsWith("Device", StringComparison.Ordinal));

    /// <summary>Tensors with addresses and without memory.</summary>
    private sealed class Bench(CudaDevice device)
    {
        private readonly Slab _slab = new(device);

        public CudaDevice Device => device;

        /// <summary>The slices of a unit's weight gradient, as much of its working memory as they take.</summary>
        public Tensor? Slices { get; private set; }

        public Tensor New(string name, Shape shape, ElementType type) => _slab.Place(device.NewTensor(name, shape, type));

        public Tensor Reals(string name, Shape shape) => New(name, shape, ElementType.Float32);

        public Tensor Bits(string name, Shape shape) => New(name, Ops.SignPack.Packed(shape), ElementType.Bits32);

        public Tensor Bytes(string name, long bytes) => New(name, new((int)bytes), ElementType.UInt8);

        public void Place() => _slab.Pretend();

        public SignLayer SignLayer(Shape weights, int slices, GradMode mode) => new()
        {
            W = Reals("w", weights),
            Signs = Bits("signs", weights),
            Scale = Reals("scale", new(1)),
            DSigns = Reals("slices", new(slices, weights[0], weights[1] * weights[2], weights[3])),
            Dw = Reals("dw", weights),
            Mode = mode,
        };

        public BinaryUnitArguments Unit(in ConvGeometry g, BinaryUnitArguments? previous = null)
        {
            var channels = new Shape(g.O);
            Slices = Bytes("slices", device.Kernels.ScratchBytes(ScratchUse.BinaryConvWeightGrad, g));
            return new()
            {
                Geometry = g,
                Training = true,
                X = Reals("x", g.Input),
                XSigns = Bits("x signs", g.Input),
                WSigns = Bits("w signs", g.Weight),
                Scale = Reals("scale", new(1)),
                Settings = new(),
                Gamma = Reals("gamma", channels),
                Beta = Reals("beta", channels),
                RunningMean = Reals("running mean", channels),
                RunningVariance = Reals("running variance", channels),
                Shortcut = Reals("shortcut", g.Output),
                Conv = Reals("conv", g.Output),
                Mean = Reals("mean", channels),
                InvStd = Reals("inv std", channels),
                Y = Reals("y", g.Output),
                YSigns = Bits("y signs", g.Output),
                Slope = SlopeKind.Identity,
                SlopeParameters = Reals("slope", new(4)),
                ForwardScratch = null,
                BackwardScratch = Bytes("scratch", device.Kernels.ScratchBytes(ScratchUse.BinaryUnitBackward, g)),
                Dy = Reals("dy", g.Output),
                DGamma = Reals("d gamma", channels),
                DBeta = Reals("d beta", channels),
                DSigns = Reals("d signs", g.Weight),
                Dx = Reals("dx", g.Input),
                DxMode = GradMode.Add,
                Previous = previous,
                GivesSums = previous != null,
                SumsAreGiven = previous != null,
                StoresY = true,
            };
        }
    }
}
