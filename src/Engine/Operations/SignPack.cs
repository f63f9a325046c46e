using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>bits = x &lt; 0, packed along the last axis as <see cref="Bits"/> says. x real [.., C], bits [.., words].</summary>
    void SignPack(Tensor x, Tensor bits);
}
