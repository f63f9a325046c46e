using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Weights as a sine or its sign, and the gradient with the loss term's.</summary>
public sealed class SineWeightsTests
{
    private const int Seed = 64;
    private const double Frequency = 20, Tau = 0.037;

    // Of a number no larger than 1: f w is rounded at the size of 40, which for |w| up to 2 is 32 U, and the sine itself is good to 3 U.
    private static readonly Tolerance s_sine = new(36 * 6e-8, 0, "f w of up to 40 rounded once, then a sine good to 1.5e-7");

    // The same, times f and a gradient of at most 2.
    private static readonly Tolerance s_gradient = new(2 * Frequency * 36 * 6e-8, 8 * 6e-8, "the sine's error, times f and dy");

    public static TheoryData<int> Counts => Elements.Counts;

    [Theory]
    [MemberData(nameof(Counts))]
    public void Forward_agrees(int count) => Comparison.Run(Seed, bench =>
    {
        Tensor w = Weights(bench, count), knobs = Knobs(bench, signs: false, Tau), y = bench.Output("y", new Shape(count), s_sine);
        return kernels => kernels.SineWeights(w, knobs, y);
    });

    // No sample lies within the sine's error of a zero crossing: signs are exact.
    [Theory]
    [MemberData(nameof(Counts))]
    public void Signs_agree(int count) => Comparison.Run(Seed, bench =>
    {
        Tensor w = Weights(bench, count), knobs = Knobs(bench, signs: true, Tau);
        Tensor y = bench.Output("y", new Shape(count), Tolerances.Exact);
        return kernels => kernels.SineWeights(w, knobs, y);
    });

    [Theory]
    [MemberData(nameof(Counts))]
    public void Gradient_agrees(int count)
    {
        foreach (GradMode mode in new[] { GradMode.Write, GradMode.Add })
        {
            Comparison.Run(Seed, bench =>
            {
                var shape = new Shape(count);
                Tensor dy = bench.Input("dy", shape), w = Weights(bench, count), knobs = Knobs(bench, signs: false, Tau);
                Tensor dw = bench.Gradient("dw", shape, mode, s_gradient);
                return kernels => kernels.SineWeightsBackward(dy, w, knobs, dw, mode);
            });
        }
    }

    // The objective is dy y + tau mean(y^2): the loss term is part of what is differentiated.
    [Fact]
    public void Reference_gradient_is_that_of_its_forward_and_the_loss_term()
    {
        using KernelBench bench = CentralDifferences.NewBench(Seed);
        var shape = new Shape(17);
        Tensor w = Weights(bench, 17), dy = bench.Input("dy", shape), knobs = Knobs(bench, signs: false, Tau);
        Tensor y = bench.Output("y", shape, Tolerances.Exact), dw = bench.Output("dw", shape, Tolerances.Exact);
        bench.Commit();
        IKernels kernels = bench.Device.Kernels;
        double Objective()
        {
            kernels.SineWeights(w, knobs, y);
            return CentralDifferences.Dot(y, dy) + Tau * bench.Device.ReadReals(y).Average(v => v * v);
        }

        kernels.SineWeightsBackward(dy, w, knobs, dw, GradMode.Write);
        CentralDifferences.Check(w, dw, Objective);
    }

    // sin(0) = 0 counts as +1, as everywhere; the gradient is that of the sine, also through the sign.
    [Fact]
    public void Every_device_gives_the_worked_example() => Comparison.OnEveryDevice(device =>
    {
        var outputs = Comparison.Outputs(device, Seed, bench =>
        {
            var shape = new Shape(4);
            Tensor w = bench.Input("w", shape, [0, 0.125, -0.125, 0.25]), dy = bench.Input("dy", shape, [1, 1, 2, 0]);
            Tensor knobs = Knobs(bench, signs: true, tau: 0);
            Tensor y = bench.Output("y", shape, Tolerances.Exact), dw = bench.Output("dw", shape, Tolerances.Exact);
            return kernels =>
            {
                kernels.SineWeights(w, knobs, y);
                kernels.SineWeightsBackward(dy, w, knobs, dw, GradMode.Write);
            };
        });
        Assert.Equal([1.0, 1, -1, -1], outputs["y"]);
        Assert.Equal([20, 20 * Math.Cos(2.5), 40 * Math.Cos(2.5), 0], outputs["dw"], (a, b) => Math.Abs(a - b) < 2e-5);
    });

    /// <summary>Within [-2, 2], none nearer to a zero of the sine than one in ten thousand.</summary>
    private static Tensor Weights(KernelBench bench, int count) => bench.Input("w", new Shape(count),
        [.. SampleValues.Mixed(Seed, "w", count).Select(v => (double)(float)Away(Math.Clamp(v, -2, 2)))]);

    private static double Away(double w) => Math.Abs(Math.Sin(Frequency * w)) < 1e-4 ? w + 0.01 : w;

    private static Tensor Knobs(KernelBench bench, bool signs, double tau) =>
        bench.Input("knobs", new Shape(3), [Frequency, signs ? 1 : 0, tau]);
}
