using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

/// <summary>
/// What a device may offer beside <see cref="IKernels"/>: the unit of binary networks as an evaluation wants it, where parameters stay what
/// they are from one batch to the next, and much of what training keeps is read by nobody. The definition is the sequence of the single
/// operations; no bit differs from theirs.
/// </summary>
internal interface IBinaryUnitEvaluation
{
    /// <summary>Whether it does so as it was opened.</summary>
    bool EvaluatesUnits { get; set; }

    /// <summary>Bytes of <see cref="EvaluatedUnit.Folded"/>.</summary>
    long FoldedBytes(in ConvGeometry g);

    /// <summary>Bytes of <see cref="EvaluatedUnit.Scratch"/>.</summary>
    long UnitEvaluationBytes(in ConvGeometry g);

    /// <summary>
    /// Computes Folded of the weights, their scale and batch norm's constants. Among it are integer thresholds a channel: y is negative on
    /// one side of them, found by evaluating the float expression at every possible count.
    /// </summary>
    void FoldUnit(EvaluatedUnit unit);

    /// <summary>
    /// BinaryConvForward, the scale of each channel, BatchNormEvaluate of that, or of max of it and 0, plus Shortcut into Y, SignPack of Y
    /// into YSigns. Reads Folded in place of the parameters.
    /// </summary>
    void EvaluateUnit(EvaluatedUnit unit);

    /// <summary>
    /// The signs of what <see cref="IKernels.MaxPool"/> gives, from the signs of what it takes: the maximum is negative where all are.
    /// x bits [N,H,W,words], y bits [N,OH,OW,words].
    /// </summary>
    void MaxPoolSigns(Tensor x, in PoolWindow window, Tensor y);
}

/// <summary>Everything that one binary unit reads and writes in an evaluation. Shapes as in <see cref="IKernels"/>.</summary>
internal sealed class EvaluatedUnit
{
    /// <summary>Sizes of the convolution.</summary>
    public required ConvGeometry Geometry { get; init; }

    /// <summary>bits [N,H,W,words]: the signs of the input.</summary>
    public required Tensor XSigns { get; init; }

    /// <summary>bits [O,K,K,words]: the signs of the weights.</summary>
    public required Tensor WSigns { get; init; }

    /// <summary>real [1] or [O]: their scale; null for 1.</summary>
    public required Tensor? Scale { get; init; }

    /// <summary>Whether batch norm takes the maximum of the convolution and 0.</summary>
    public required bool Rectify { get; init; }

    /// <summary>The epsilon of batch norm.</summary>
    public required double Epsilon { get; init; }

    /// <summary>real [O]; null for ones.</summary>
    public required Tensor? Gamma { get; init; }

    /// <summary>real [O]; null for zeros.</summary>
    public required Tensor? Beta { get; init; }

    /// <summary>real [O].</summary>
    public required Tensor RunningMean { get; init; }

    /// <summary>real [O].</summary>
    public required Tensor RunningVariance { get; init; }

    /// <summary>real [N,OH,OW,O] or null: added after batch norm.</summary>
    public required Tensor? Shortcut { get; init; }

    /// <summary>What is computed of the parameters once, in a form that the device alone knows.</summary>
    public required Tensor Folded { get; init; }

    /// <summary>Working memory.</summary>
    public required Tensor? Scratch { get; init; }

    /// <summary>out: real [N,OH,OW,O]; null where nobody reads it. This and the next are known once the tape is sealed.</summary>
    public Tensor? Y { get; internal set; }

    /// <summary>out: bits [N,OH,OW,words]: its signs; null where nobody reads them.</summary>
    public Tensor? YSigns { get; internal set; }
}
