using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>Some result channels of a convolution whose packed operand lies together: a number of vectors, or fewer at the end.</summary>
/// <param name="plan">Of the convolution.</param>
/// <param name="number">Among its panels.</param>
/// <param name="vectors">Of a panel at most.</param>
internal readonly struct Panel<TSimd>(RowPlan plan, int number, int vectors) where TSimd : unmanaged, ISimd<TSimd>
{
    /// <summary>Its first channel.</summary>
    public int First { get; } = number * vectors * TSimd.Width;

    /// <summary>Its channels, whole vectors.</summary>
    public int Width { get; } = Math.Min(vectors, Floats.Pad(plan.Channels, TSimd.Width) / TSimd.Width - number * vectors) * TSimd.Width;

    /// <summary>How many a convolution has.</summary>
    public static int Count(in RowPlan plan, int vectors) => (plan.Channels + vectors * TSimd.Width - 1) / (vectors * TSimd.Width);

    /// <summary>Singles of the operands of all panels.</summary>
    /// <param name="plan">Of the convolution.</param>
    /// <param name="singles">Of a result channel.</param>
    public static long Size(in RowPlan plan, long singles) => Floats.Pad(plan.Channels, TSimd.Width) * singles;

    /// <summary>Where its operand begins among those of all, in singles.</summary>
    /// <param name="singles">Of a result channel.</param>
    public long Start(long singles) => First * singles;
}
