using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Engine.Tests.Cuda;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Real convolutions in tf32, for a device that was asked to take them so.</summary>
[Trait("Category", "Device")]
public sealed class ConvTf32Tests
{
    private const int Seed = 14;

    // A number of tf32 is off by 2^-11 of itself at most, a product by 2^-10, and by 3e-4 in the root of the mean square.
    private const double Coarse = 1e-3;

    public static TheoryData<string> Cases => ConvCases.OfEights;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Convolution_and_gradients_agree_to_ten_bits(string name)
    {
        GpuUnderTest.Require();
        ConvGeometry g = ConvCases.Parse(name);
        using var reference = new ReferenceDevice();
        using CudaDevice device = GpuUnderTest.Open(tf32: true);
        Dictionary<string, double[]> expected = Outputs(reference, g), actual = Outputs(device, g);
        foreach (string tensor in expected.Keys)
        {
            double largest = expected[tensor].Max(Math.Abs);
            double worst = expected[tensor].Zip(actual[tensor], (want, got) => Math.Abs(want - got)).Max();
            Assert.True(worst <= Coarse * largest, $"{tensor}: off by {worst:e2} of {largest:e2}");
        }
    }

    [Fact]
    public void A_device_says_that_it_takes_reals_in_tf32_and_does()
    {
        GpuUnderTest.Require();
        ConvGeometry g = ConvCases.Parse("1x12x17x72 48 3 2 1");
        using CudaDevice device = GpuUnderTest.Open(tf32: true), plain = GpuUnderTest.Open(plainKernels: true, tf32: true),
            usual = GpuUnderTest.Open();
        Assert.EndsWith(", real layers in tf32", device.Description, StringComparison.Ordinal);
        Assert.DoesNotContain("tf32", plain.Description + usual.Description, StringComparison.Ordinal);
        double[] coarse = Outputs(device, g)["y"], parts = Outputs(usual, g)["y"], single = Outputs(plain, g)["y"];
        double largest = single.Max(Math.Abs);
        Assert.InRange(coarse.Zip(single, (a, b) => Math.Abs(a - b)).Max(), 2e-5 * largest, Coarse * largest);
        Assert.InRange(parts.Zip(single, (a, b) => Math.Abs(a - b)).Max(), 0, 2e-6 * largest);
    }

    private static Dictionary<string, double[]> Outputs(Device device, ConvGeometry g) => Comparison.Outputs(device, Seed, bench =>
    {
        Tensor x = bench.Input("x", g.Input), w = bench.Input("w", g.Weight), dy = bench.Input("dy", g.Output);
        Tensor y = bench.Output("y", g.Output, Tolerances.Exact), dx = bench.Output("dx", g.Input, Tolerances.Exact),
            dw = bench.Output("dw", g.Weight, Tolerances.Exact);
        Tensor? slices = bench.Scratch(ScratchUse.ConvWeightGrad, g);
        return kernels =>
        {
            kernels.ConvForward(x, w, g, y, null);
            kernels.ConvInputGrad(dy, w, g, dx, GradMode.Write, null);
            kernels.ConvWeightGrad(dy, x, g, dw, GradMode.Write, slices);
        };
    });
}
