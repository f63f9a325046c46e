namespace ReSTE.Native.Operations;

/// <summary>
/// What a device may offer beside <see cref="IBinaryUnit"/>: the weights' gradients of several units at once, after everything else
/// of them. What is needed for them, the gradients of the units' results above all, has to be kept until then.
/// </summary>
internal interface IBinaryUnitWeightGrads
{
    /// <summary>Whether the weights' gradient of a unit is better found with others': what has to be kept until then is little.</summary>
    bool GathersWeightGrad(in ConvGeometry g);

    /// <summary>In how many slices the gradients of several units are left, if they are found together.</summary>
    IReadOnlyList<int> WeightGradSlices(IReadOnlyList<ConvGeometry> units);

    /// <summary>BinaryConvWeightGrad of each unit into its DSlices, from the gradient that BinaryUnitBackward starts from.</summary>
    void BinaryUnitWeightGrads(IReadOnlyList<BinaryUnitArguments> units);
}
