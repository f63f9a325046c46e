using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>AdaSTE's forward map of latent weights.</summary>
public sealed class AdaSteMapTests
{
    private const int Seed = 62;

    public static TheoryData<int> Counts => Elements.Counts;

    [Theory]
    [MemberData(nameof(Counts))]
    public void Every_device_agrees(int count)
    {
        foreach (double mu in AdaSteGrid.Mus)
        {
            Comparison.Run(Seed, bench =>
            {
                Tensor theta = bench.Input("theta", new Shape(count)), w = bench.Output("w", new Shape(count), Tolerances.FewRoundings);
                Tensor knobs = bench.Input("knobs", new Shape(2), AdaSteGrid.At(mu, slips: false).ToMap());
                return kernels => kernels.AdaSteMap(theta, w, knobs);
            });
        }
    }

    // What it must be exactly: zero stays zero, beyond the edge it is the sign, and from 1/alpha on it is the sign everywhere.
    [Fact]
    public void Zero_and_saturated_weights_are_exact_on_every_device() => Comparison.OnEveryDevice(device =>
    {
        double[] theta = [0, -0.0, 1, -1, 10, -10, 1e-30, -1e-30, 0.3, -0.3];
        double[] Mapped(double mu) => Comparison.Outputs(device, Seed, bench =>
        {
            Tensor from = bench.Input("theta", new Shape(10), theta), w = bench.Output("w", new Shape(10), Tolerances.Exact);
            Tensor knobs = bench.Input("knobs", new Shape(2), AdaSteGrid.At(mu, slips: false).ToMap());
            return kernels => kernels.AdaSteMap(from, w, knobs);
        })["w"];
        Assert.Equal([0, 0, 1, -1, 1, -1], Mapped(0.25)[..6]);
        Assert.Equal([0, 0, 1, -1, 1, -1, 1, -1, 1, -1], Mapped(100));
    });
}
