using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>An operation on elements of the same place: the scalar form is a vector of one.</summary>
internal unsafe interface IPointwise
{
    /// <summary>Does the elements at <paramref name="at"/>, as many as the vector is wide.</summary>
    void Apply<T>(long at) where T : unmanaged, ISimd<T>;
}

/// <summary>Runs a pointwise operation over one slice of a tensor.</summary>
internal readonly struct PointwiseJob<TSimd, TOp> : IParallelJob
    where TSimd : unmanaged, ISimd<TSimd>
    where TOp : unmanaged, IPointwise
{
    public required Slices Slices { get; init; }

    public required TOp Op { get; init; }

    public void Run(int part, int worker)
    {
        long at = Slices.Start(part), end = Slices.Start(part + 1);
        for (; at + TSimd.Width <= end; at += TSimd.Width)
            Op.Apply<TSimd>(at);
        for (; at < end; at++)
            Op.Apply<SimdScalar>(at);
    }
}
