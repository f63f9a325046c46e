using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>Some result channels of a convolution whose packed operand lies together: two vectors, or one where no more are left.</summary>
/// <param name="plan">Of the convolution.</param>
/// <param name="number">Among its panels.</param>
internal readonly struct Panel<TSimd>(RowPlan plan, int number) where TSimd : unmanaged, ISimd<TSimd>
{
    /// <summary>Channels of a panel at most.</summary>
    public static int Widest => 2 * TSimd.Width;

    /// <summary>Its first channel.</summary>
    public int First { get; } = number * Widest;

    /// <summary>Its channels, whole vectors.</summary>
    public int Width { get; } = Math.Min(Widest, Floats.Pad(plan.Channels, TSimd.Width) - number * Widest);

    /// <summary>How many a convolution has.</summary>
    public static int Count(in RowPlan plan) => (plan.Channels + Widest - 1) / Widest;

    /// <summary>Singles of the operands of all panels.</summary>
    /// <param name="plan">Of the convolution.</param>
    /// <param name="units">Of a source pixel.</param>
    public static long Size(in RowPlan plan, int units) => (long)Floats.Pad(plan.Channels, TSimd.Width) * plan.Kernel * plan.Kernel * units;

    /// <summary>Where its operand [kernel rows, taps, units, width] begins among those of all, in singles.</summary>
    /// <param name="plan">Of the convolution.</param>
    /// <param name="units">Of a source pixel.</param>
    public long Start(in RowPlan plan, int units) => (long)First * plan.Kernel * plan.Kernel * units;
}
