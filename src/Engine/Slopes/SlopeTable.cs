namespace ReSTE.Native.Slopes;

/// <summary>Work that is compiled once for every slope.</summary>
internal interface ISlopeKernel
{
    /// <summary>Does it with one slope.</summary>
    void Run<TSlope>(TSlope slope) where TSlope : unmanaged, ISlope<TSlope>;
}

/// <summary>The slopes by kind: the one place that knows which type belongs to which.</summary>
internal static class SlopeTable
{
    /// <summary>Runs a kernel with the slope of a kind.</summary>
    public static void Run<TKernel>(SlopeKind kind, in SlopeParameters p, TKernel kernel) where TKernel : struct, ISlopeKernel
    {
        switch (kind)
        {
            case SlopeKind.Identity:
                kernel.Run(IdentitySlope.Create(p));
                break;
            case SlopeKind.Clipped:
                kernel.Run(ClippedSlope.Create(p));
                break;
            case SlopeKind.Reste:
                kernel.Run(ResteSlope.Create(p));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }

    /// <summary>The slope of a kind as a function in double.</summary>
    public static Func<double, double> Function(SlopeKind kind, in SlopeParameters p) => kind switch
    {
        SlopeKind.Identity => IdentitySlope.Create(p).Evaluate,
        SlopeKind.Clipped => ClippedSlope.Create(p).Evaluate,
        SlopeKind.Reste => ResteSlope.Create(p).Evaluate,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
