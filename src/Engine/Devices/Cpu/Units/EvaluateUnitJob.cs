using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>Some rows of an image of a unit in an evaluation.</summary>
internal readonly struct EvaluateUnitJob<TBits, TSink> : IParallelJob
    where TBits : unmanaged, IBitSimd<TBits>
    where TSink : unmanaged, ICountSink<TSink, TBits>
{
    public required CountImage<TBits, TSink> Counts { get; init; }

    /// <summary>Parts of an image.</summary>
    public required int Splits { get; init; }

    public void Run(int part, int worker)
    {
        int rows = Counts.Weights.Plan.Geometry.OH, split = part % Splits;
        Counts.Rows(part / Splits, rows * split / Splits, rows * (split + 1) / Splits, worker);
    }
}
