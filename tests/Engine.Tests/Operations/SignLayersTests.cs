using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>The binary weights of many layers at once against the single operations, on devices that take them together.</summary>
public sealed class SignLayersTests
{
    private const int Seed = 57;

    // Layers of all tails and slices in one launch; more than fit one; one with more weights than its blocks take in a round.
    private static readonly Size[] s_mixed =
    [
        (1, 1, 1, 1), (3, 3, 1, 2), (2, 1, 15, 3), (5, 3, 16, 1), (7, 1, 17, 17), (16, 3, 31, 8), (8, 3, 33, 9), (3, 5, 63, 4),
        (2, 3, 65, 264), (31, 1, 127, 7), (16, 3, 130, 5),
    ];

    // Real layers beside them: few weights in many slices, as a first layer's; a slice alone; more slices than share a block's threads.
    private static readonly Size[] s_real = [(16, 3, 3, 528), (1, 1, 1, 1), (5, 1, 40, 9), (7, 7, 3, 3)];

    public static TheoryData<string> Tables => ["mixed", "many", "large"];

    [Theory]
    [MemberData(nameof(Tables))]
    public void Signs_and_scales_agree(string table)
    {
        foreach (bool hasScale in new[] { true, false })
        {
            Comparison.RunOnCuda(Seed, bench =>
            {
                SignLayer[] layers = [.. Layers(table).Select((size, i) => Forward(bench, i, size, hasScale))];
                return kernels =>
                {
                    if (kernels is ISignLayers { TakesLayersTogether: true } together)
                        together.BinarizeWeights(layers);
                    else
                        Array.ForEach(layers, l => kernels.BinarizeWeights(l.W, l.Signs, l.Scale));
                };
            });
        }
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void Gradients_agree(string table)
    {
        foreach (SlopeKind slope in new[] { SlopeKind.Reste, SlopeKind.Clipped })
            foreach (GradMode mode in new[] { GradMode.Write, GradMode.Add })
                foreach (var (hasScale, attached) in new[] { (true, true), (true, false), (false, false) })
                    GradientsAgree(Layers(table), slope, mode, hasScale, attached);
    }

    // As the last one's, where a network is cut short.
    [Fact]
    public void A_layer_that_nobody_gives_a_gradient_is_passed_over() =>
        GradientsAgree([(4, 3, 20, 2), (4, 3, 16, 0), (3, 1, 32, 1)], SlopeKind.Reste, GradMode.Write, hasScale: true, attached: true);

    private static IReadOnlyList<Size> Layers(string table) => table switch
    {
        "mixed" => s_mixed,
        "many" => [.. Enumerable.Range(0, 2 * SignLayersArgument.Most + 3).Select(i => new Size(1 + i % 3, 1, 1 + i, 1 + i % 4))],
        "large" => [new(64, 3, 256, 1), new(9, 3, 96, 12), new(512, 3, 130, 2)],
        _ => throw new ArgumentOutOfRangeException(nameof(table)),
    };

    private static SignLayer Forward(KernelBench bench, int number, Size size, bool hasScale) => new()
    {
        W = bench.Input($"w{number}", size.Weights),
        Signs = bench.Output($"signs{number}", new Shape(size.O, size.K, size.K, (size.I + 31) / 32), ElementType.Bits32,
            Tolerances.Exact),
        Scale = hasScale ? bench.Output($"scale{number}", new Shape(1), Tolerances.Rounded) : null,
    };

    // A launch for every 32 layers, of which the real ones may have one to themselves.
    [Theory]
    [InlineData(1)]
    [InlineData(SignLayersArgument.Most - 1)]
    [InlineData(SignLayersArgument.Most)]
    public void Real_layers_are_added_up_beside_them(int binary) => GradientsAgree(
        [.. Enumerable.Range(0, binary).Select(i => new Size(1, 1, 1 + i, 1 + i % 3))], SlopeKind.Reste, GradMode.Write, hasScale: true,
        attached: true);

    // The layers' weights are the first of all parameters, in an order of their own.
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void A_step_along_agrees(bool hasScale, bool attached)
    {
        Size[] sizes = [(16, 3, 33, 5), (1, 1, 1, 1), (3, 5, 63, 4), (9, 3, 96, 12)];
        int[] order = [2, 0, 3, 1];
        int binary = (int)sizes.Sum(size => size.Weights.Count);
        var all = new Shape(binary + 700);
        Comparison.RunOnCuda(Seed, bench =>
        {
            Tensor p = bench.SlopeParameters(SlopeKind.Reste), knobs = bench.Input("knobs", new Shape(3), [0.125, 0.75, 0.25]);
            Tolerance tolerance = Tolerances.ThroughSlope(SlopeKinds.Largest(SlopeKind.Reste), 4);
            Tensor w = bench.InOut("w", all, tolerance), dw = bench.InOut("dw", all, tolerance),
                momentum = bench.InOut("momentum", all, tolerance);
            var layers = new SignLayer[sizes.Length];
            int start = 0;
            foreach (int i in order)
            {
                layers[i] = Within(bench, i, sizes[i], hasScale, w, dw, start);
                start += (int)sizes[i].Weights.Count;
            }
            Tensor[] sums = [.. sizes.Select((size, i) => bench.Input($"sum{i}", size.Weights, Sums(i, size)))];
            return kernels => Step(kernels, layers, sums, attached, p, (w, dw, momentum, knobs), binary);
        });
    }

    private static SignLayer Within(KernelBench bench, int number, Size size, bool hasScale, Tensor w, Tensor dw, int start)
    {
        int count = (int)size.Weights.Count;
        return new SignLayer
        {
            W = w.Slice(start, count).View(size.Weights),
            Signs = bench.Signs($"signs{number}", size.Weights),
            Scale = hasScale ? bench.Input($"scale{number}", new Shape(1)) : null,
            DSigns = bench.Input($"slices{number}", new Shape(size.Slices, size.O, size.K * size.K, size.I), Slices(number, size)),
            Dw = dw.Slice(start, count).View(size.Weights),
            Mode = GradMode.Write,
        };
    }

    private static void Step(IKernels kernels, SignLayer[] layers, Tensor[] sums, bool attached, Tensor slope,
        (Tensor W, Tensor Dw, Tensor Momentum, Tensor Knobs) all, int binary)
    {
        if (kernels is ISignLayers together && together.StepsLayers(layers.Length))
        {
            together.SumWeightGradients(layers, [], attached);
            together.SignLayersSgdStep(layers, attached, SlopeKind.Reste, slope, all.W, all.Dw, all.Momentum, all.Knobs, binary);
            return;
        }
        foreach (var (layer, sum) in layers.Zip(sums))
            kernels.BinarizeWeightsBackward(layer.W, sum, layer.Scale, attached, SlopeKind.Reste, slope, layer.Dw!, GradMode.Write);
        kernels.SgdStep(all.W, all.Dw, all.Momentum, all.Knobs);
    }

    private static void GradientsAgree(IReadOnlyList<Size> sizes, SlopeKind slope, GradMode mode, bool hasScale, bool attached) =>
        Comparison.RunOnCuda(Seed, bench =>
        {
            Tensor p = bench.SlopeParameters(slope);
            SignLayer[] layers = [.. sizes.Select((size, i) => Backward(bench, i, size, slope, mode, hasScale))];
            Tensor[] sums = [.. sizes.Select((size, i) => bench.Input($"sum{i}", size.Weights, Sums(i, size)))];
            var others = s_real.Select((size, i) => Real(bench, sizes.Count + i, size)).ToArray();
            return kernels =>
            {
                if (kernels is ISignLayers { TakesLayersTogether: true } together)
                {
                    together.BinarizeWeightsBackward(layers, [.. others.Select(o => o.Gradient)], attached, slope, p);
                    return;
                }
                foreach (var (gradient, sum) in others)
                    kernels.Accumulate(sum, gradient.Dw, GradMode.Write);
                foreach (var (layer, sum) in layers.Zip(sums).Where(pair => pair.First.Dw != null))
                    kernels.BinarizeWeightsBackward(layer.W, sum, layer.Scale, attached, slope, p, layer.Dw!, mode);
            };
        });

    private static SignLayer Backward(KernelBench bench, int number, Size size, SlopeKind slope, GradMode mode, bool hasScale)
    {
        var layer = new SignLayer
        {
            W = bench.Input($"w{number}", size.Weights),
            Signs = bench.Signs($"signs{number}", size.Weights),
            Scale = hasScale ? bench.Input($"scale{number}", new Shape(1)) : null,
        };
        if (size.Slices == 0)
            return layer;
        layer.DSigns = bench.Input($"slices{number}", new Shape(size.Slices, size.O, size.K * size.K, size.I), Slices(number, size));
        layer.Dw = bench.Gradient($"dw{number}", size.Weights, mode, Tolerances.ThroughSlope(SlopeKinds.Largest(slope), 4));
        layer.Mode = mode;
        return layer;
    }

    private static (SlicedGradient Gradient, Tensor Sum) Real(KernelBench bench, int number, Size size) => (
        new(bench.Input($"slices{number}", new Shape(size.Slices, size.O, size.K * size.K, size.I), Slices(number, size)),
            bench.Output($"dw{number}", size.Weights, Tolerances.Sum(size.Slices))),
        bench.Input($"sum{number}", size.Weights, Sums(number, size)));

    private static double[] Slices(int number, Size size) =>
        SampleValues.Mixed(Seed, $"slices{number}", size.Slices * size.Weights.Count);

    // What single precision reads of the slices, added up.
    private static double[] Sums(int number, Size size)
    {
        var sums = new double[size.Weights.Count];
        double[] slices = size.Slices == 0 ? [] : Slices(number, size);
        for (int i = 0; i < slices.Length; i++)
            sums[i % sums.Length] += (float)slices[i];
        return sums;
    }

    /// <summary>Sizes of a layer, and of its gradient's slices; 0 for a layer without one.</summary>
    private readonly record struct Size(int O, int K, int I, int Slices)
    {
        public Shape Weights => new(O, K, K, I);

        public static implicit operator Size((int O, int K, int I, int Slices) size) => new(size.O, size.K, size.I, size.Slices);
    }
}
