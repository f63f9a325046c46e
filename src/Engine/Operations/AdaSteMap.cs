using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>
    /// AdaSTE's forward map (Le et al., CVPR 2022, as its published code has it): w = (theta + lift sign(theta)) / divisor cut to [-1, 1],
    /// with sign(0) = 0. theta, w real [..]; knobs real [2]: lift and divisor, see <see cref="AdaSteNumbers.Map"/>.
    /// </summary>
    void AdaSteMap(Tensor theta, Tensor w, Tensor knobs);
}
