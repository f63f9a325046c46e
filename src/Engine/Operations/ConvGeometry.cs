namespace ReSTE.Native.Operations;

/// <summary>
/// Sizes of a square 2-D convolution with zero padding: x [N,H,W,I], w [O,K,K,I], y [N,OH,OW,O]. Those of y are kept: inner loops ask.
/// </summary>
internal readonly partial record struct ConvGeometry(int N, int H, int W, int I, int O, int K, int Stride, int Padding)
{
    /// <summary>Output rows.</summary>
    public int OH { get; } = (H + 2 * Padding - K) / Stride + 1;

    /// <summary>Output columns.</summary>
    public int OW { get; } = (W + 2 * Padding - K) / Stride + 1;
}
