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

    /// <summary><see cref="IBinaryUnit.BinaryUnitForward"/>.</summary>
    BinaryUnitForward,

    /// <summary><see cref="IBinaryUnit.BinaryUnitBackward"/>.</summary>
    BinaryUnitBackward,

    /// <summary>The same, where the slices of the weights' gradient stay: <see cref="BinaryUnitArguments.DSlices"/>.</summary>
    BinaryUnitBackwardOfSlices,

    /// <summary><see cref="IKernels.BatchNormForward"/>.</summary>
    BatchNormForward,

    /// <summary><see cref="IKernels.BatchNormBackward"/>.</summary>
    BatchNormBackward,

    /// <summary><see cref="IKernels.ChannelScaleBackward"/>.</summary>
    ChannelScaleBackward,
}
