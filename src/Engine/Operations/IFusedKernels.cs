namespace ReSTE.Native.Operations;

/// <summary>
/// What a device may offer beside <see cref="IKernels"/>: the unit of binary networks, [binary convolution, ReLU, batch norm, shortcut], as one operation
/// each way. The definition is the sequence of the single operations; fusing only saves trips to memory.
/// </summary>
internal interface IFusedKernels
{
    /// <summary>
    /// BinaryConvForward into Conv, then BatchNormForward (or BatchNormEvaluate) of max(Conv, 0) plus Shortcut into Y, then SignPack of Y into YSigns.
    /// </summary>
    void BinaryUnitForward(BinaryUnitArguments unit);

    /// <summary>BatchNormBackward, then BinaryConvWeightGrad into DSigns and BinaryConvInputGrad into Dx.</summary>
    void BinaryUnitBackward(BinaryUnitArguments unit);
}
