using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Slopes;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>The parts of a unit's working memory forward.</summary>
internal readonly unsafe struct UnitForwardMemory<TSimd, TBits>
    where TSimd : unmanaged, ISimd<TSimd>
    where TBits : unmanaged, IBitSimd<TBits>
{
    public UnitForwardMemory(in CountPlan plan, int workers, int slices, byte* start)
    {
        ConvGeometry g = plan.Geometry;
        var parts = new MemoryParts(start);
        Weights = (uint*)parts.Take(CountWeights<TBits>.Bytes(plan));
        Sums = new ChannelSums((double*)parts.Take(ChannelSums.Bytes(slices, g.O)), slices, g.O);
        Norm = new CountNorm((float*)parts.Take(CountNorm.Bytes(g.O)), g.O);
        Images = (uint*)parts.Take(sizeof(uint) * workers * plan.WorkerWords);
        Rows = (float*)parts.Take(sizeof(float) * workers * UnitApply<TSimd>.WorkerFloats(g.Output));
        Bytes = parts.Bytes;
    }

    public long Bytes { get; }

    /// <summary>Of <see cref="CountWeights{TBits}"/>.</summary>
    public uint* Weights { get; }

    /// <summary>Of the batch.</summary>
    public ChannelSums Sums { get; }

    public CountNorm Norm { get; }

    /// <summary>Of <see cref="CountImage{TBits, TSink}"/>.</summary>
    public uint* Images { get; }

    /// <summary>Of <see cref="UnitApply{TSimd}"/>.</summary>
    public float* Rows { get; }
}

/// <summary>The parts of a unit's working memory backward.</summary>
internal readonly unsafe struct UnitBackwardMemory<TSimd, TSigns, TGrad>
    where TSimd : unmanaged, ISimd<TSimd>
    where TSigns : unmanaged, ISignProduct<TSimd>
    where TGrad : unmanaged, IWeightGrad
{
    // Sums of a layer's weight gradient that no longer stay in the second-level cache beside all else.
    private const long ManyFloats = (1 << 20) / sizeof(float);

    // All images' gradients, beyond which a few slices of sums take less memory.
    private const long MostFloats = (256 << 20) / sizeof(float);

    public UnitBackwardMemory(in ConvGeometry g, int workers, int sumSlices, int gradSlices, byte* start)
    {
        RowPlan plan = RowPlan.Transposed(g);
        GradientFloats = Floats.Align((long)g.OH * g.OW * g.O);
        LeavesWeights = TGrad.Blocks(g) > 1 && TGrad.PartialFloats(g) > ManyFloats && g.N * GradientFloats <= MostFloats;
        var parts = new MemoryParts(start);
        Rows = (float*)parts.Take(ConvRowsJob<TSimd, TSigns, UnitInputFinish<TSimd, IdentitySlope>>.Bytes(plan, workers));
        Weights = (float*)parts.Take(WeightGradJob<TGrad>.Bytes(g, LeavesWeights ? 1 : gradSlices, workers));
        Gradients = (float*)parts.Take((LeavesWeights ? g.N : workers) * GradientFloats * sizeof(float));
        Sums = new ChannelSums((double*)parts.Take(ChannelSums.Bytes(sumSlices, g.O)), sumSlices, g.O);
        Norm = new CountNorm((float*)parts.Take(CountNorm.Bytes(g.O)), g.O);
        SumsBefore = new ChannelSums((double*)parts.Take(ChannelSums.Bytes(gradSlices, g.I)), gradSlices, g.I);
        NormBefore = new CountNorm((float*)parts.Take(CountNorm.Bytes(g.I)), g.I);
        Bytes = parts.Bytes;
    }

    public long Bytes { get; }

    /// <summary>
    /// Whether the weights' gradient comes after that of all images' convolutions, a few output channels at a time.
    /// </summary>
    public bool LeavesWeights { get; }

    /// <summary>Of the input gradient.</summary>
    public float* Rows { get; }

    /// <summary>Of the weight gradient.</summary>
    public float* Weights { get; }

    /// <summary>An image's gradient before batch norm a worker, or all images'.</summary>
    public float* Gradients { get; }

    /// <summary>Singles from a gradient to the next one's.</summary>
    public long GradientFloats { get; }

    /// <summary>Of this unit's batch norm.</summary>
    public ChannelSums Sums { get; }

    public CountNorm Norm { get; }

    /// <summary>Of the batch norm of the unit before.</summary>
    public ChannelSums SumsBefore { get; }

    public CountNorm NormBefore { get; }
}
