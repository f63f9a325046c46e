using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>One step of Adam, and what its means are corrected by.</summary>
public sealed class AdamStepTests
{
    private const int Seed = 51;

    public static TheoryData<int> Counts => Elements.Counts;

    [Theory]
    [MemberData(nameof(Counts))]
    public void Every_device_agrees(int count) => Comparison.Run(Seed, bench =>
    {
        var shape = new Shape(count);
        Tensor w = bench.InOut("w", shape, Tolerances.AdamWeight), dw = bench.Input("dw", shape);
        Tensor mean = bench.InOut("mean", shape, Tolerances.FewRoundings);
        double[] squares = SampleValues.Fill(Seed, "square", count, random => 0.01 + 4 * random.NextDouble());
        Tensor square = bench.InOut("square", shape, squares, Tolerances.FewRoundings);
        Tensor corrections = bench.Input("corrections", new Shape(2), [0.25, 0.75]), knobs = Knobs(bench);
        return kernels => kernels.AdamStep(w, dw, mean, square, corrections, knobs);
    });

    // From the first step, where 1 - b2^t is 0.001, to where single precision cannot count on and nothing is left to correct.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(998)]
    [InlineData(100000)]
    [InlineData(1 << 24)]
    public void Corrections_agree_for_any_number_of_steps(int before) => Comparison.Run(Seed, bench =>
    {
        Tensor steps = bench.InOut("steps", new Shape(1), [before], Tolerances.Statistic), knobs = Knobs(bench);
        Tensor corrections = bench.Output("corrections", new Shape(2), Tolerances.Statistic);
        return kernels => kernels.AdamCorrections(steps, knobs, corrections);
    });

    // b1 = 7/8, b2 = 3/4: after two steps the rate is 1/8 over 1 - 49/64, and 1 - b2^2 is 7/16.
    [Fact]
    public void Corrections_by_hand() => Comparison.OnEveryDevice(device =>
    {
        var outputs = Comparison.Outputs(device, Seed, bench =>
        {
            Tensor steps = bench.InOut("steps", new Shape(1), [0], Tolerances.Exact);
            Tensor knobs = bench.Input("knobs", new Shape(6), [0.125, 0.125, 0.25, 0, 0, 1]);
            Tensor corrections = bench.Output("corrections", new Shape(2), Tolerances.Exact);
            return kernels =>
            {
                kernels.AdamCorrections(steps, knobs, corrections);
                kernels.AdamCorrections(steps, knobs, corrections);
            };
        });
        Assert.Equal([2.0], outputs["steps"]);
        Assert.Equal(8.0 / 15, outputs["corrections"][0], 1e-7);
        Assert.Equal(Math.Sqrt(7.0 / 16), outputs["corrections"][1], 1e-7);
    });

    // What has never had a gradient stays where it is: 0 / (0 + epsilon).
    [Fact]
    public void A_weight_without_a_gradient_stays() => Comparison.OnEveryDevice(device =>
    {
        var outputs = Comparison.Outputs(device, Seed, bench =>
        {
            var shape = new Shape(17);
            Tensor w = bench.InOut("w", shape, Tolerances.Exact), dw = bench.Input("dw", shape, new double[17]);
            Tensor mean = bench.InOut("mean", shape, new double[17], Tolerances.Exact);
            Tensor square = bench.InOut("square", shape, new double[17], Tolerances.Exact);
            Tensor corrections = bench.Input("corrections", new Shape(2), [0.25, 0.03125]);
            Tensor knobs = bench.Input("knobs", new Shape(6), [0.125, 0.125, 0.25, 1.0 / (1 << 26), 0, 1]);
            return kernels => kernels.AdamStep(w, dw, mean, square, corrections, knobs);
        });
        Assert.Equal(SampleValues.Mixed(Seed, "w", 17), outputs["w"]);
        Assert.All(outputs["mean"].Concat(outputs["square"]), value => Assert.Equal(0, value));
    });

    private static Tensor Knobs(KernelBench bench) =>
        bench.Input("knobs", new Shape(6), [0.125, 0.1f, 0.001f, 1e-8f, 0.0009765625, 0.9921875]);
}
