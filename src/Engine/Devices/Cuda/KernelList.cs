namespace ReSTE.Native.Devices.Cuda;

/// <summary>Every kernel there is.</summary>
internal static class KernelList
{
    private static readonly Action<KernelModules>[] Loads =
    [
        m => m.Find<Accumulate>(),
        m => m.Find<Add>(),
        m => m.Find<Advance>(),
        m => m.Find<AveragePool>(),
        m => m.Find<AveragePoolBackward>(),
        m => m.Find<BatchNormEvaluate>(),
        m => m.Find<BatchNormGradientSums>(),
        m => m.Find<BatchNormInputGrad>(),
        m => m.Find<BatchNormNormalise>(),
        m => m.Find<BatchNormParameterGrad>(),
        m => m.Find<BatchNormStatistics>(),
        m => m.Find<BatchNormSums>(),
        m => m.Find<BinarizeWeights>(),
        m => m.Find<BinarizeWeightsBackward>(),
        m => m.Find<BinaryConv>(),
        m => m.Find<BinaryConvInputGrad>(),
        m => m.Find<BinaryConvWeightGrad>(),
        m => m.Find<ChannelScale>(),
        m => m.Find<ChannelScaleGrad>(),
        m => m.Find<ChannelScaleInputGrad>(),
        m => m.Find<ChannelScaleSums>(),
        m => m.Find<Conv>(),
        m => m.Find<ConvInputGrad>(),
        m => m.Find<ConvWeightGrad>(),
        m => m.Find<EstimatingError>(),
        m => m.Find<GradientVariance>(),
        m => m.Find<HardTanh>(),
        m => m.Find<HardTanhBackward>(),
        m => m.Find<ImageBatch>(),
        m => m.Find<ImageDeviation>(),
        m => m.Find<ImageDeviationBackward>(),
        m => m.Find<Linear>(),
        m => m.Find<LinearInputGrad>(),
        m => m.Find<LinearWeightGrad>(),
        m => m.Find<Relu>(),
        m => m.Find<ReluBackward>(),
        m => m.Find<SgdStep>(),
        m => m.Find<ShortcutPad>(),
        m => m.Find<ShortcutPadBackward>(),
        m => m.Find<SignConv>(),
        m => m.Find<SignPack>(),
        m => m.Find<SignUnpack>(),
        m => m.Find<SignUnpackBackward>(),
        m => m.Find<SoftmaxCrossEntropy>(),
        m => m.Find<WeightGradSum>(),
    ];

    /// <summary>How many.</summary>
    public static int Count => Loads.Length;

    /// <summary>Loads all of them; throws for the first that cannot be.</summary>
    public static void Load(KernelModules modules)
    {
        foreach (Action<KernelModules> load in Loads)
            load(modules);
    }
}
