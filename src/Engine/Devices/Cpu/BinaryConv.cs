using System.Runtime.Intrinsics.X86;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Slopes;
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

    public void BinaryConvInputGrad(Tensor dy, Tensor wBits, Tensor? scale, Tensor x, SlopeKind slope, Tensor slopeParameters, in ConvGeometry g,
        Tensor dx, GradMode mode, Tensor? scratch)
    {
        var job = new InputGrad(this, dy, wBits, scale, x, g, dx, mode, scratch!);
        slope.Run(ReadSlope(slopeParameters), job);
    }

    public void BinaryConvWeightGrad(Tensor dy, Tensor xBits, in ConvGeometry g, Tensor dw, Tensor? scratch)
    {
        if (UsesTables)
        {
            RunTableWeightGrad(Reals(dy), xBits.As<uint>(), g, Reals(dw), Reals(scratch!));
            return;
        }

        float* signs = Reals(scratch!);
        var unpack = new UnpackJob { Bits = xBits.As<uint>(), Channels = g.I, Rows = (long)g.N * g.H * g.W, Slices = MaximalSlices, Signs = signs };
        threads.Run(ref unpack, MaximalSlices);
        RunRealWeightGrad(Reals(dy), signs, g, Reals(dw), GradMode.Write, signs + UnpackedFloats(g));
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

    /// <summary>The input gradient of a binary layer, for any slope.</summary>
    private readonly struct InputGrad(CpuKernels<TSimd> kernels, Tensor dy, Tensor wBits, Tensor? scale, Tensor x, ConvGeometry g, Tensor dx,
        GradMode mode, Tensor scratch) : ISlopeKernel
    {
        public void Run<TSlope>(TSlope slope) where TSlope : unmanaged, ISlope<TSlope> => kernels.RunSignRows(
            RowPlan.Transposed(g), Reals(dy), wBits.As<uint>(), g, transposed: true, Factor(scale), slope, Reals(x), Reals(dx), mode, scratch);
    }
}
