using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>binarize_weights</c>.</summary>
internal readonly record struct BinarizeWeights(Ptr<float> W, Ptr<double> Partial, Ptr<uint> Ticket, Ptr<float> Scale, uint Count)
    : IKernelArgs;

/// <summary>Arguments of <c>scale_share</c>.</summary>
internal readonly record struct ScaleShare(Ptr<float> W, Ptr<float> DwHat, Ptr<uint> Drawn, Ptr<double> Partial, Ptr<uint> Ticket,
    Ptr<float> Share, uint Count, uint Channels) : IKernelArgs;

/// <summary>Arguments of <c>binarize_weights_backward</c>.</summary>
internal readonly record struct BinarizeWeightsBackward(Ptr<float> W, Ptr<float> DwHat, Ptr<float> Scale, Ptr<float> Share,
    Ptr<float> SlopeParameters, Ptr<float> Dw, uint Groups, uint Count, uint SlopeKind, uint Mode) : IKernelArgs;

/// <summary>Arguments of <c>power_of_two</c>.</summary>
internal readonly record struct PowerOfTwo(Ptr<float> Scale, uint Count) : IKernelArgs;

internal sealed partial class CudaKernels
{
    private const uint WeightsOfABlock = 1024;

    public void BinarizeWeights(Tensor w, Tensor bits, Tensor? scale)
    {
        SignPack(w, bits);
        if (scale != null)
            MeanMagnitude(w, scale);
    }

    public void MeanMagnitude(Tensor w, Tensor scale) =>
        Launch(new BinarizeWeights(Reals(w), common.Partial, common.Ticket, Reals(scale), Count(w) / Count(scale)),
            GroupGrid(w, Count(scale)));

    public void PowerOfTwo(Tensor scale) => Launch(new PowerOfTwo(Reals(scale), Count(scale)), Blocks<PowerOfTwo>(Count(scale)));

    public void BinarizeWeightsBackward(Tensor w, Tensor dwHat, Tensor? scale, bool attached, SlopeKind slope, Tensor slopeParameters,
        Tensor dw, GradMode mode, Tensor? drawn = null)
    {
        uint groups = scale == null ? 1 : Count(scale);
        bool shares = attached && scale != null;
        if (shares)
        {
            if (groups > CudaCommonMemory.MostChannels)
            {
                throw new NotSupportedException(
                    $"{scale} has more groups than the CUDA kernels can pass a gradient to, {CudaCommonMemory.MostChannels}");
            }

            Launch(new ScaleShare(Reals(w), Reals(dwHat), WordsOrNull(drawn), common.Partial, common.Ticket, common.Shares,
                Count(w) / groups, Channels(w)), GroupGrid(w, groups));
        }

        Launch(new BinarizeWeightsBackward(Reals(w), Reals(dwHat), RealsOrNull(scale), shares ? common.Shares : default,
            Reals(slopeParameters), Reals(dw), groups, Count(w) / groups, (uint)slope.Number, (uint)mode),
            Blocks<BinarizeWeightsBackward>(Count(w)));
    }

    // A filter is one block's work, a layer that of many.
    private static Grid GroupGrid(Tensor w, uint groups) =>
        new(groups > 1 ? 1 : Math.Min(Blocks(Count(w), WeightsOfABlock), CudaCommonMemory.MostBlocks), groups);
}
