using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Operations;

namespace ReSTE.Native.Engine.Tests.Cuda;

/// <summary>How a convolution is done is decided once, when it is recorded, from its geometry and the GPU.</summary>
public sealed class PlanTests
{
    private static readonly ConvGeometry Small = new(2, 8, 8, 16, 32, 3, 1, 1), Large = new(64, 32, 32, 16, 16, 3, 1, 1);

    [Fact]
    public void A_plan_is_chosen_once_for_a_geometry()
    {
        var chosen = new List<ConvGeometry>();
        var table = new PlanTable<int>((_, g) =>
        {
            chosen.Add(g);
            return new Counted(g);
        });
        Plan<int> small = table.For(null!, Small), large = table.For(null!, Large);
        Assert.Same(small, table.For(null!, Small));
        Assert.Same(large, table.For(null!, Large with { N = 64 }));
        Assert.Equal([Small, Large], chosen);
        Assert.Equal(Small.Output.Count, small.ScratchBytes);
    }

    [Fact]
    [Trait("Category", "Device")]
    public void A_weight_gradient_asks_for_the_partial_sums_of_its_slices()
    {
        GpuUnderTest.Require();
        using CudaDevice device = GpuUnderTest.Open();
        IKernels kernels = device.Kernels;
        Assert.Equal(1 * 32 * 9 * 16 * sizeof(float), kernels.ScratchBytes(ScratchUse.ConvWeightGrad, Small));
        Assert.Equal(256 * 16 * 9 * 16 * sizeof(float), kernels.ScratchBytes(ScratchUse.BinaryConvWeightGrad, Large));
        Assert.Equal(0, kernels.ScratchBytes(ScratchUse.BinaryConvForward, Large));
    }

    private sealed class Counted(ConvGeometry g) : Plan<int>
    {
        public override long ScratchBytes => g.Output.Count;

        public override void Launch(in int operands)
        {
        }
    }
}
