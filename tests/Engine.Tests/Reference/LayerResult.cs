namespace ReSTE.Native.Engine.Tests.Reference;

/// <summary>What a layer gave.</summary>
internal sealed record LayerResult(double[] Output, double[] InputGradient, double[] WeightGradient);
