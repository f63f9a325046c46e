using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

/// <summary>
/// What a device may offer beside <see cref="IKernels"/>: the real convolution as the evaluation of a binary network wants it. Where a sign
/// hangs on a result, rounding decides it now and then; summed in double, in one order, it is the same at every vector width and in every
/// form in which a network leaves this program.
/// </summary>
internal interface IConvEvaluation
{
    /// <summary>Bytes of what is packed of the weights.</summary>
    long PackedConvBytes(in ConvGeometry g);

    /// <summary>Bytes of working memory.</summary>
    long ConvEvaluationBytes(in ConvGeometry g);

    /// <summary>Computes packed of the weights, in a form that the device alone knows.</summary>
    void PackConv(Tensor w, in ConvGeometry g, Tensor packed);

    /// <summary>
    /// ConvForward with taps added in the order row, column, channel in double, the sum rounded once. Reads packed in place of the weights.
    /// </summary>
    void EvaluateConv(Tensor x, Tensor packed, in ConvGeometry g, Tensor y, Tensor scratch);
}
