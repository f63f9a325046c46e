using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>channel_scale</c>.</summary>
internal readonly record struct ChannelScale(Ptr<float> X, Ptr<float> Scale, Ptr<float> Y, uint Rows, uint Channels) : IKernelArgs;

/// <summary>Arguments of <c>channel_scale_input_grad</c>.</summary>
internal readonly record struct ChannelScaleInputGrad(Ptr<float> Dy, Ptr<float> Scale, Ptr<float> Dx, uint Rows, uint Channels, uint Mode)
    : IKernelArgs;

/// <summary>Arguments of <c>channel_scale_grad</c>.</summary>
internal readonly record struct ChannelScaleGrad(Ptr<float> Dy, Ptr<float> X, Ptr<double> Partial, Ptr<uint> Tickets, Ptr<float> Dscale,
    uint Rows, uint Channels, uint SliceRows) : IKernelArgs;

internal sealed partial class CudaKernels
{
    public void ChannelScale(Tensor x, Tensor scale, Tensor y) =>
        Launch(new ChannelScale(Reals(x), Reals(scale), Reals(y), Rows(x), Channels(x)), Blocks<ChannelScale>(Count(x)));

    public void ChannelScaleBackward(Tensor dy, Tensor x, Tensor scale, Tensor? dx, GradMode mode, Tensor? dscale, Tensor? scratch)
    {
        uint rows = Rows(x), channels = Channels(x);
        if (dx != null)
            Launch(new ChannelScaleInputGrad(Reals(dy), Reals(scale), Reals(dx), rows, channels, (uint)mode),
                Blocks<ChannelScaleInputGrad>(Count(x)));
        if (dscale == null)
            return;
        FixedSlices slices = RowSlices(x.Shape);
        Launch(new ChannelScaleGrad(Reals(dy), Reals(x), Doubles(scratch!), TicketsOf(channels), Reals(dscale), rows, channels,
            slices.Rows), SumsGrid<ChannelScaleGrad>(slices, channels));
    }
}
