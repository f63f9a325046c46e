using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>
    /// y = +1 or -1, as real: the packed signs of a value beside an operand that stays real. bits [.., words], y real [.., C].
    /// </summary>
    void SignUnpack(Tensor bits, Tensor y);

    /// <summary>dx = h(x) dy, where x [.., C] is what was packed, h the slope with its four parameters, real [4].</summary>
    void SignUnpackBackward(Tensor dy, Tensor x, SlopeKind slope, Tensor slopeParameters, Tensor dx, GradMode mode);
}
