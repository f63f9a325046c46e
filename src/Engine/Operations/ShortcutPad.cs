using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>
    /// Option A shortcut: y[n,p,q,c + offset] = x[n,2p,2q,c], zero in the other channels; offset = (channels of y - channels of x) / 2.
    /// </summary>
    void ShortcutPad(Tensor x, Tensor y);

    /// <summary>The gradient of <see cref="ShortcutPad"/>: zero at odd rows and columns.</summary>
    void ShortcutPadBackward(Tensor dy, Tensor dx, GradMode mode);
}
