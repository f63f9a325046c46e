using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>One step of SGD with momentum and weight decay.</summary>
public sealed class SgdStepTests
{
    private const int Seed = 28;

    public static TheoryData<int> Counts => Elements.Counts;

    [Theory]
    [MemberData(nameof(Counts))]
    public void Every_device_agrees(int count) => Comparison.Run(Seed, bench =>
    {
        var shape = new Shape(count);
        Tensor w = bench.InOut("w", shape, Tolerances.FewRoundings), dw = bench.Input("dw", shape);
        Tensor momentum = bench.InOut("momentum", shape, Tolerances.FewRoundings), knobs = Knobs(bench);
        return kernels => kernels.SgdStep(w, dw, momentum, knobs);
    });

    [Fact]
    public void The_first_step_s_momentum_is_the_gradient() => Comparison.OnEveryDevice(device =>
    {
        var outputs = Comparison.Outputs(device, Seed, bench =>
        {
            Tensor w = bench.InOut("w", new Shape(19), Tolerances.Exact), dw = bench.Input("dw", new Shape(19));
            Tensor momentum = bench.InOut("momentum", new Shape(19), new double[19], Tolerances.Exact), knobs = Knobs(bench, decay: 0);
            return kernels => kernels.SgdStep(w, dw, momentum, knobs);
        });
        Assert.Equal(SampleValues.Mixed(Seed, "dw", 19), outputs["momentum"]);
    });

    // lr 1/8, momentum 1/2, decay 1/4: m = m/2 + dw + w/4, w -= m/8, all exact in binary.
    [Fact]
    public void Two_steps_by_hand() => Comparison.OnEveryDevice(device =>
    {
        var outputs = Comparison.Outputs(device, Seed, bench =>
        {
            Tensor w = bench.InOut("w", new Shape(2), [8, -4], Tolerances.Exact), dw = bench.Input("dw", new Shape(2), [1, 3]);
            Tensor momentum = bench.InOut("momentum", new Shape(2), [0, 0], Tolerances.Exact);
            Tensor knobs = Knobs(bench, 0.125, 0.5, 0.25);
            return kernels =>
            {
                kernels.SgdStep(w, dw, momentum, knobs);
                kernels.SgdStep(w, dw, momentum, knobs);
            };
        });
        // Step 1: m = (3, 2), w = (7.625, -4.25). Step 2: m = (1.5 + 1 + 1.90625, 1 + 3 - 1.0625).
        Assert.Equal([4.40625, 2.9375], outputs["momentum"]);
        Assert.Equal([7.625 - 4.40625 / 8, -4.25 - 2.9375 / 8], outputs["w"]);
    });

    private static Tensor Knobs(KernelBench bench, double rate = 0.125, double momentum = 0.875, double decay = 0.0009765625) =>
        bench.Input("knobs", new Shape(3), [rate, momentum, decay]);
}
