using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>One tap: adds the slices of <see cref="TableWeightGradJob"/> into [O,K,K,I].</summary>
internal readonly unsafe struct SumTableJob : IParallelJob
{
    public required ConvGeometry Geometry { get; init; }

    public required float* Partials { get; init; }

    public required int Count { get; init; }

    public required float* Dw { get; init; }

    public void Run(int part, int worker)
    {
        ConvGeometry g = Geometry;
        long size = TableWeightGradJob.PartialFloats(g), filter = (long)g.K * g.K * g.I;
        for (int o = 0; o < g.O; o++)
            for (int i = 0; i < g.I; i++)
            {
                float* from = Partials + TableWeightGradJob.PartialIndex(g, o, part / g.K, part % g.K, i);
                float* border = Partials + TableWeightGradJob.BorderIndex(g, o, part / g.K, part % g.K);
                float sum = 0;
                for (int s = 0; s < Count; s++, from += size, border += size)
                    sum += *from - *border;
                Dw[o * filter + (long)part * g.I + i] = sum;
            }
    }
}
