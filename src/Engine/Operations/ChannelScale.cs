using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>y[r,c] = scale[c] * x[r,c]: x, y real [.., C], scale real [C]; y may be x.</summary>
    void ChannelScale(Tensor x, Tensor scale, Tensor y);

    /// <summary>
    /// dx = scale * dy, dscale[c] = sum over rows of dy * x; either is null where nobody needs it.
    /// </summary>
    void ChannelScaleBackward(Tensor dy, Tensor x, Tensor scale, Tensor? dx, GradMode mode, Tensor? dscale, Tensor? scratch);
}
