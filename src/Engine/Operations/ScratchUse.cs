namespace ReSTE.Native.Operations;

/// <summary>The operations a device may want working memory for.</summary>
internal enum ScratchUse
{
    /// <summary><see cref="IKernels.ConvForward"/>.</summary>
    ConvForward,

    /// <summary><see cref="IKernels.ConvInputGrad"/>.</summary>
    ConvInputGrad,

    /// <summary><see cref="IKernels.ConvWeightGrad"/>.</summary>
    ConvWeightGrad,

    /// <summary><see cref="IKernels.BinaryConvForward"/>.</summary>
    BinaryConvForward,

    /// <summary><see cref="IKernels.SignConvForward"/>.</summary>
    SignConvForward,

    /// <summary><see cref="IKernels.BinaryConvInputGrad"/>.</summary>
    BinaryConvInputGrad,

    /// <summary><see cref="IKernels.BinaryConvWeightGrad"/>.</summary>
    BinaryConvWeightGrad,

    /// <summary><see cref="IFusedKernels.BinaryUnitForward"/>.</summary>
    BinaryUnitForward,

    /// <summary><see cref="IFusedKernels.BinaryUnitBackward"/>.</summary>
    BinaryUnitBackward,

    /// <summary><see cref="IKernels.BatchNormForward"/>.</summary>
    BatchNormForward,

    /// <summary><see cref="IKernels.BatchNormBackward"/>.</summary>
    BatchNormBackward,
}
