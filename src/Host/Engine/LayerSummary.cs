namespace ReSTE.Native.Host;

/// <summary>A layer as `summary` lists it.</summary>
/// <param name="Name">Its name in a checkpoint.</param>
/// <param name="Kind">What it does, e.g. "conv 3x3".</param>
/// <param name="Output">Shape of its output without the batch, e.g. "16 x 32 x 32".</param>
/// <param name="Parameters">Trained numbers in it.</param>
/// <param name="BinaryWeights">Whether its weights are signs in the forward pass.</param>
/// <param name="BinaryInput">Whether its input is signs in the forward pass.</param>
internal sealed record LayerSummary(string Name, string Kind, string Output, long Parameters, bool BinaryWeights, bool BinaryInput);
