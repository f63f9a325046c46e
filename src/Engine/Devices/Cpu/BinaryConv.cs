using System.Runtime.Intrinsics.X86;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd>
{
    public void BinaryConvForward(Tensor xBits, Tensor wBits, Tensor? scale, in ConvGeometry g, Tensor y, Tensor? scratch)
    {
        if (typeof(TSimd) == typeof(Simd512) && Avx512BW.IsSupported)
            RunXnor<BitSimd512>(xBits, wBits, scale, g, y, scratch!);
        else if (TSimd.Width > 1 && Avx2.IsSupported)
            RunXnor<BitSimd256>(xBits, wBits, scale, g, y, scratch!);
        else
            RunXnor<BitSimdScalar>(xBits, wBits, scale, g, y, scratch!);
    }

    /// <summary>Packed weights, padded to the widest vector there is.</summary>
    protected static long XnorBytes(in ConvGeometry g) => sizeof(uint) * (long)g.K * g.K * Bits.Words(g.I) * XnorJob<BitSimd512>.PaddedOutputs(g);

    private void RunXnor<TBits>(Tensor xBits, Tensor wBits, Tensor? scale, in ConvGeometry g, Tensor y, Tensor scratch)
        where TBits : unmanaged, IBitSimd<TBits>
    {
        XnorJob<TBits>.Pack(wBits.As<uint>(), g, scratch.As<uint>());
        var job = new XnorJob<TBits>
        {
            Geometry = g,
            X = xBits.As<uint>(),
            W = scratch.As<uint>(),
            Factor = Factor(scale),
            Y = Reals(y),
        };
        threads.Run(ref job, g.N);
    }
}
