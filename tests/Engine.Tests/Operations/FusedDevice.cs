using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>The CPU's kernels at any vector width with the unit fused.</summary>
internal sealed class FusedDevice : HostMemoryDevice
{
    private readonly CpuThreads _threads;

    public FusedDevice(int vectorBits, int threads)
    {
        _threads = new CpuThreads(threads);
        Kernels = vectorBits switch
        {
            512 => Fuse<Simd512, BitSimd512, TableProduct, TableWeightGrad>(),
            256 => Fuse<Simd256, BitSimd256, HalfTableProduct, HalfTableWeightGrad>(),
            128 => Fuse<Simd128, BitSimd128, RealProduct<Simd128>, SignWeightGrad<Simd128>>(),
            _ => Fuse<SimdScalar, BitSimdScalar, RealProduct<SimdScalar>, SignWeightGrad<SimdScalar>>(),
        };
        Description = $"{vectorBits} bits, {threads} threads";
    }

    public override string Name => "fused";

    public override string Description { get; }

    internal override ElementType Real => ElementType.Float32;

    internal override IKernels Kernels { get; }

    public override void Dispose() => _threads.Dispose();

    private IKernels Fuse<TSimd, TBits, TSigns, TGrad>()
        where TSimd : unmanaged, ISimd<TSimd>
        where TBits : unmanaged, IBitSimd<TBits>
        where TSigns : unmanaged, ISignProduct<TSimd>
        where TGrad : unmanaged, IWeightGrad => new FusedKernels<TSimd, TBits, TSigns, TGrad>(_threads);
}
