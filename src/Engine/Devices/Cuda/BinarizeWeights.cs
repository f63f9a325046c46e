using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>binarize_weights</c>.</summary>
internal readonly record struct BinarizeWeights(Ptr<float> W, Ptr<float> Scale, uint Count) : IKernelArgs;

/// <summary>Arguments of <c>binarize_weights_backward</c>.</summary>
internal readonly record struct BinarizeWeightsBackward(Ptr<float> W, Ptr<float> DwHat, Ptr<float> Scale, Ptr<float> SlopeParameters,
    Ptr<uint> Drawn, Ptr<float> Dw, uint Count, uint Channels, uint Attached, uint SlopeKind, uint Mode) : IKernelArgs;

/// <summary>Arguments of <c>power_of_two</c>.</summary>
internal readonly record struct PowerOfTwo(Ptr<float> Scale, uint Count) : IKernelArgs;

internal sealed partial class CudaKernels
{
    public void BinarizeWeights(Tensor w, Tensor bits, Tensor? scale)
    {
        SignPack(w, bits);
        if (scale != null)
            MeanMagnitude(w, scale);
    }

    public void MeanMagnitude(Tensor w, Tensor scale) =>
        Launch(new BinarizeWeights(Reals(w), Reals(scale), Count(w) / Count(scale)), new Grid(Count(scale)));

    public void PowerOfTwo(Tensor scale) => Launch(new PowerOfTwo(Reals(scale), Count(scale)), Blocks<PowerOfTwo>(Count(scale)));

    // Without a scale the filters are no groups of their own, only a way to spread the work.
    public void BinarizeWeightsBackward(Tensor w, Tensor dwHat, Tensor? scale, bool attached, SlopeKind slope, Tensor slopeParameters,
        Tensor dw, GradMode mode, Tensor? drawn = null)
    {
        uint groups = scale == null ? (uint)w.Shape[0] : Count(scale);
        Launch(new BinarizeWeightsBackward(Reals(w), Reals(dwHat), RealsOrNull(scale), Reals(slopeParameters),
            WordsOrNull(drawn), Reals(dw), Count(w) / groups, Channels(w), Flag(attached && scale != null), (uint)slope.Number, (uint)mode),
            new Grid(groups));
    }
}
