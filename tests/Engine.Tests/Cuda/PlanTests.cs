using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

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

    // What chooses the kernel: channels of eights on both sides, or images of three; and a device that may use other than plain ones.
    [Theory]
    [Trait("Category", "Device")]
    [InlineData(16, 64, "conv_mma64 conv_input_grad_mma32 conv_weight_grad_mma64 slice_sum sign_conv_mma64")]
    [InlineData(64, 8, "conv_mma32 conv_input_grad_mma64 conv_weight_grad_mma32 slice_sum sign_conv_mma32")]
    [InlineData(3, 64, "image_conv conv_input_grad image_conv_weight_grad slice_sum sign_conv")]
    [InlineData(3, 10, "conv conv_input_grad conv_weight_grad slice_sum sign_conv")]
    [InlineData(16, 10, "conv conv_input_grad conv_weight_grad slice_sum sign_conv")]
    public void Real_layers_are_multiplied_on_tensor_cores_where_their_channels_suit(int from, int to, string expected)
    {
        GpuUnderTest.Require();
        using CudaDevice device = GpuUnderTest.Open(), plain = GpuUnderTest.Open(plainKernels: true);
        Assert.Equal(expected, Kernels(device, new(2, 8, 8, from, to, 3, 2, 1)));
        Assert.Equal("conv conv_input_grad conv_weight_grad slice_sum sign_conv", Kernels(plain, new(2, 8, 8, from, to, 3, 2, 1)));
    }

    private static string Kernels(CudaDevice device, ConvGeometry g)
    {
        var slab = new Slab(device);
        Tensor x = slab.Place(device.NewTensor("x", g.Input)), w = slab.Place(device.NewTensor("w", g.Weight)),
            y = slab.Place(device.NewTensor("y", g.Output)),
            bits = slab.Place(device.NewTensor("bits", new Shape(g.O, g.K, g.K, Bits.Words(g.I)), ElementType.Bits32));
        var bytes = new Shape((int)device.Kernels.ScratchBytes(ScratchUse.ConvWeightGrad, g));
        Tensor slices = slab.Place(device.NewTensor("slices", bytes, ElementType.UInt8));
        slab.Pretend();
        return string.Join(' ', device.List("test", (kernels, _) =>
        {
            kernels.ConvForward(x, w, g, y, null);
            kernels.ConvInputGrad(y, w, g, x, GradMode.Write, null);
            kernels.ConvWeightGrad(y, x, g, w, GradMode.Write, slices);
            kernels.SignConvForward(x, bits, null, g, y, null);
        }).Select(l => l.Launch.Kernel));
    }

    private sealed class Counted(ConvGeometry g) : Plan<int>
    {
        public override long ScratchBytes => g.Output.Count;

        public override void Launch(in int operands)
        {
        }
    }
}
