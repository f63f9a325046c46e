namespace ReSTE.Native.Kernels;

/// <summary>The four numbers a slope may depend on; rewritten between epochs, read from device memory. Each slope says what they mean.</summary>
public readonly record struct SlopeParameters(double P0, double P1, double P2, double P3);
