using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

/// <summary>
/// Every operation a device performs: one part of this interface an operation, in the file of its name. The reference device's
/// plain loops in double are their definition; the other devices are compared with it. Shapes are checked when a tape is recorded,
/// not here. <c>real</c> is the device's real type. Reductions have a fixed order: the same input gives the same bits, with any
/// number of threads. Outputs are written whole unless a <see cref="GradMode"/> says otherwise.
/// </summary>
internal partial interface IKernels
{
    /// <summary>
    /// Bytes of working memory a convolution, or a unit around one, wants for a geometry; 0 for none. Its scratch argument is then null.
    /// </summary>
    long ScratchBytes(ScratchUse use, in ConvGeometry g);

    /// <summary>Bytes of working memory a reduction wants for an input [.., C]; 0 for none. Its scratch argument is then null.</summary>
    long ScratchBytes(ScratchUse use, Shape x);
}
