using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Latent weights to signs and scale, and their gradient through slope and scale.</summary>
public sealed class BinarizeWeightsTests
{
    private const int Seed = 14;

    // [O,K,K,I]: every tail of every vector, and a word's worth of inputs more or less.
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 3, 3, 1 }, { 2, 1, 15 }, { 5, 3, 16 }, { 7, 1, 17 }, { 16, 3, 31 },
        { 8, 3, 33 }, { 3, 5, 63 }, { 2, 3, 65 }, { 31, 1, 127 }, { 2, 3, 130 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Signs_and_scale_agree(int outputs, int kernel, int inputs)
    {
        foreach (int scales in Scales(outputs))
        {
            Comparison.Run(Seed, bench =>
            {
                Tensor w = bench.Input("w", new Shape(outputs, kernel, kernel, inputs));
                Tensor bits = bench.Output("bits", new Shape(outputs, kernel, kernel, (inputs + 31) / 32), ElementType.Bits32,
                    Tolerances.Exact);
                Tensor? scale = scales == 0 ? null : bench.Output("scale", new Shape(scales), Tolerances.Rounded);
                return kernels => kernels.BinarizeWeights(w, bits, scale);
            });
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Gradient_agrees(int outputs, int kernel, int inputs)
    {
        var shape = new Shape(outputs, kernel, kernel, inputs);
        // What scale and mode do does not depend on the slope: one slope sees all of them, the others one.
        foreach (SlopeKind slope in SlopeKinds.All)
            foreach (GradMode mode in slope == SlopeKind.Reste ? [GradMode.Write, GradMode.Add] : new[] { GradMode.Write })
                foreach (int scales in slope == SlopeKind.Reste ? Scales(outputs) : [1])
                    foreach (bool attached in slope == SlopeKind.Reste ? [true, false] : new[] { true })
                    {
                        Comparison.Run(Seed, bench =>
                        {
                            Tensor w = bench.Input("w", shape), hat = bench.Input("dwHat", shape), p = bench.SlopeParameters(slope);
                            Tensor? scale = scales == 0 ? null : bench.Input("scale", new Shape(scales));
                            Tensor dw = bench.Gradient("dw", shape, mode, Tolerances.ThroughSlope(SlopeKinds.Largest(slope), 4));
                            return kernels => kernels.BinarizeWeightsBackward(w, hat, scale, attached, slope, p, dw, mode);
                        });
                    }
    }

    // The scale multiplied drawn signs, so they stand in its share: that of drawn signs equal to w's own is the usual one.
    [Theory]
    [MemberData(nameof(Sizes))]
    public void Gradient_through_drawn_signs_agrees(int outputs, int kernel, int inputs)
    {
        var shape = new Shape(outputs, kernel, kernel, inputs);
        foreach (int scales in Scales(outputs))
        {
            Comparison.Run(Seed, bench =>
            {
                Tensor w = bench.Input("w", shape), hat = bench.Input("dwHat", shape), p = bench.SlopeParameters(SlopeKind.Clipped);
                Tensor drawn = bench.Signs("drawn", shape);
                Tensor? scale = scales == 0 ? null : bench.Input("scale", new Shape(scales));
                Tensor dw = bench.Output("dw", shape, Tolerances.ThroughSlope(1, 4));
                return kernels => kernels.BinarizeWeightsBackward(w, hat, scale, true, SlopeKind.Clipped, p, dw, GradMode.Write, drawn);
            });
        }
    }

    // Every weight beyond 1, so that the share alone is left: sign(w) times the mean of (1, -2, 3, 0.5) times the drawn (-1, -1, 1, 1).
    [Fact]
    public void The_share_of_the_scale_takes_the_signs_that_multiplied() => Comparison.OnEveryDevice(device =>
    {
        double[] dw = Comparison.Outputs(device, Seed, bench =>
        {
            var shape = new Shape(1, 1, 1, 4);
            Tensor w = bench.Input("w", shape, [-1.5, 2, 1.25, 1.6]), hat = bench.Input("dwHat", shape, [1, -2, 3, 0.5]);
            Tensor drawn = bench.Signs("drawn", shape, [-1, -1, 1, 1]), scale = bench.Input("scale", new Shape(1), [1.5]);
            Tensor p = bench.SlopeParameters(SlopeKind.Clipped), gradient = bench.Output("dw", shape, Tolerances.Exact);
            return kernels => kernels.BinarizeWeightsBackward(w, hat, scale, true, SlopeKind.Clipped, p, gradient, GradMode.Write, drawn);
        })["dw"];
        Assert.Equal([-1.125, 1.125, 1.125, 1.125], dw);
    });

    /// <summary>No scale, one for the layer, one for each filter.</summary>
    private static IEnumerable<int> Scales(int outputs) => new[] { 0, 1, outputs }.Distinct();

    // Worked example: w = (-.5, .2, .05, 1.6), G = (1, -2, 3, .5): scale .5875, sum of G sign(w) = .5.
    [Theory]
    [InlineData(1, 0.4625, -1.05, 1.8875, 0.125)]
    [InlineData(3, 0.185866, -1.020240, 8.305800, 0.125)]
    public void Gradient_gives_the_worked_example(double o, params double[] expected)
    {
        Comparison.OnEveryDevice(device =>
        {
            var outputs = Comparison.Outputs(device, Seed, bench =>
            {
                var shape = new Shape(1, 1, 1, 4);
                Tensor w = bench.Input("w", shape, [-0.5, 0.2, 0.05, 1.6]), hat = bench.Input("dwHat", shape, [1, -2, 3, 0.5]);
                Tensor bits = bench.Output("bits", new Shape(1, 1, 1, 1), ElementType.Bits32, Tolerances.Exact);
                Tensor scale = bench.Output("scale", new Shape(1), Tolerances.Exact), p = bench.SlopeParameters(o);
                Tensor dw = bench.Output("dw", shape, Tolerances.Exact);
                return kernels =>
                {
                    kernels.BinarizeWeights(w, bits, scale);
                    kernels.BinarizeWeightsBackward(w, hat, scale, attached: true, SlopeKind.Reste, p, dw, GradMode.Write);
                };
            });
            Assert.Equal([1.0], outputs["bits"]);
            Assert.Equal(0.5875, outputs["scale"][0], 1e-7);
            Assert.All(expected, (value, i) => Assert.Equal(value, outputs["dw"][i], 2e-6));
        });
    }

    // The scale's share alone: with the clipped slope and every weight beyond 1, dw = sign(w) * mean(dŵ sign(w)).
    [Fact]
    public void Reference_share_of_the_scale_is_its_derivative()
    {
        using KernelBench bench = CentralDifferences.NewBench(Seed);
        var shape = new Shape(3, 1, 1, 5);
        Tensor w = bench.Input("w", shape, SampleValues.Fill(Seed, "w", 15, r => (r.Next(2) * 2 - 1) * (1.1 + r.NextDouble())));
        Tensor hat = bench.Input("dwHat", shape), p = bench.SlopeParameters();
        Tensor bits = bench.Output("bits", new Shape(3, 1, 1, 1), ElementType.Bits32, Tolerances.Exact);
        Tensor scale = bench.Output("scale", new Shape(1), Tolerances.Exact), dw = bench.Output("dw", shape, Tolerances.Exact);
        bench.Commit();
        IKernels kernels = bench.Device.Kernels;
        double[] hats = bench.Device.ReadReals(hat), ws = bench.Device.ReadReals(w);
        double dot = hats.Zip(ws, (g, value) => g * Math.Sign(value)).Sum();
        double Objective()
        {
            kernels.BinarizeWeights(w, bits, scale);
            return bench.Device.ReadReals(scale)[0] * dot;
        }

        Objective();
        kernels.BinarizeWeightsBackward(w, hat, scale, attached: true, SlopeKind.Clipped, p, dw, GradMode.Write);
        CentralDifferences.Check(w, dw, Objective);
    }
}
