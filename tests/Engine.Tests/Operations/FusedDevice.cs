using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Which directions of a binary unit a device fuses.</summary>
internal enum Fusion
{
    Both,
    ForwardOnly,
    BackwardOnly,
}

/// <summary>
/// The CPU's kernels at any vector width with the unit fused in both directions or in one alone, as another device may have it: the tape
/// then runs the other direction operation by operation.
/// </summary>
internal sealed class FusedDevice : HostMemoryDevice
{
    private readonly CpuThreads _threads;

    public FusedDevice(int vectorBits, int threads, Fusion fusion)
    {
        _threads = new CpuThreads(threads);
        Kernels = vectorBits switch
        {
            512 => Fuse<Simd512, BitSimd512, TableProduct, TableWeightGrad>(fusion),
            256 => Fuse<Simd256, BitSimd256, HalfTableProduct, HalfTableWeightGrad>(fusion),
            128 => Fuse<Simd128, BitSimd128, RealProduct<Simd128>, SignWeightGrad<Simd128>>(fusion),
            _ => Fuse<SimdScalar, BitSimdScalar, RealProduct<SimdScalar>, SignWeightGrad<SimdScalar>>(fusion),
        };
        Description = $"{vectorBits} bits, {threads} threads, {fusion}";
    }

    public override string Name => "fused";

    public override string Description { get; }

    internal override ElementType Real => ElementType.Float32;

    internal override IKernels Kernels { get; }

    public override void Dispose() => _threads.Dispose();

    private IKernels Fuse<TSimd, TBits, TSigns, TGrad>(Fusion fusion)
        where TSimd : unmanaged, ISimd<TSimd>
        where TBits : unmanaged, IBitSimd<TBits>
        where TSigns : unmanaged, ISignProduct<TSimd>
        where TGrad : unmanaged, IWeightGrad
    {
        var fused = new FusedKernels<TSimd, TBits, TSigns, TGrad>(_threads);
        return fusion switch
        {
            Fusion.ForwardOnly => new Forward<TSimd, TBits, TSigns, TGrad>(_threads, fused),
            Fusion.BackwardOnly => new Backward<TSimd, TBits, TSigns, TGrad>(_threads, fused),
            _ => fused,
        };
    }

    private sealed class Forward<TSimd, TBits, TSigns, TGrad>(CpuThreads threads, IBinaryUnitForward fused)
        : CpuKernels<TSimd, TBits, TSigns, TGrad>(threads), IBinaryUnitForward
        where TSimd : unmanaged, ISimd<TSimd>
        where TBits : unmanaged, IBitSimd<TBits>
        where TSigns : unmanaged, ISignProduct<TSimd>
        where TGrad : unmanaged, IWeightGrad
    {
        public void BinaryUnitForward(BinaryUnitArguments unit) => fused.BinaryUnitForward(unit);
    }

    private sealed class Backward<TSimd, TBits, TSigns, TGrad>(CpuThreads threads, IBinaryUnitBackward fused)
        : CpuKernels<TSimd, TBits, TSigns, TGrad>(threads), IBinaryUnitBackward
        where TSimd : unmanaged, ISimd<TSimd>
        where TBits : unmanaged, IBitSimd<TBits>
        where TSigns : unmanaged, ISignProduct<TSimd>
        where TGrad : unmanaged, IWeightGrad
    {
        public void BinaryUnitBackward(BinaryUnitArguments unit) => fused.BinaryUnitBackward(unit);
    }
}
