namespace ReSTE.Native.Estimators;

/// <summary>What multiplies the binary weights.</summary>
internal enum WeightScale
{
    /// <summary>One number a layer, mean |w|, through which the gradient flows.</summary>
    LayerMeanAttached,
}
