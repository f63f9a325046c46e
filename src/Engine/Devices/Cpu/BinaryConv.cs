using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void BinaryConvForward(Tensor xBits, Tensor wBits, Tensor? scale, in ConvGeometry g, Tensor y, Tensor? scratch)
    {
        uint* packed = scratch!.As<uint>();
        XnorJob<TBits> job = PackedXnor(xBits, wBits, Factor(scale), g, y, packed);
        threads.Run(ref job, g.N);
    }

    public void BinaryConvInputGrad(Tensor dy, Tensor wBits, Tensor? scale, Tensor x, SlopeKind slope, Tensor slopeParameters,
        in ConvGeometry g, Tensor dx, GradMode mode, Tensor? scratch)
    {
        var job = new InputGrad(this, dy, wBits, scale, x, g, dx, mode, scratch!);
        slope.Run(ReadSlope(slopeParameters), job);
    }

    public void BinaryConvWeightGrad(Tensor dy, Tensor xBits, in ConvGeometry g, Tensor dw, Tensor? scratch) =>
        RunWeightGrad<TGrad>(xBits.As<uint>(), Reals(dy), g, Reals(dw), GradMode.Write, Reals(scratch!));

    /// <summary>Packed weights.</summary>
    protected static long XnorBytes(in ConvGeometry g) => sizeof(uint) * XnorJob<TBits>.PackedWords(g);

    /// <summary>Packs the weights and gives the job that convolves with them.</summary>
    protected static XnorJob<TBits> PackedXnor(Tensor xBits, Tensor wBits, float factor, in ConvGeometry g, Tensor y, uint* packed)
    {
        XnorJob<TBits>.Pack(wBits.As<uint>(), g, packed);
        return new XnorJob<TBits> { Geometry = g, X = xBits.As<uint>(), W = packed, Factor = factor, Y = Reals(y) };
    }

    /// <summary>The input gradient, for any slope.</summary>
    private readonly struct InputGrad(CpuKernels<TSimd, TBits, TSigns, TGrad> kernels, Tensor dy, Tensor wBits, Tensor? scale, Tensor x,
        ConvGeometry g, Tensor dx, GradMode mode, Tensor scratch) : ISlopeKernel
    {
        public void Run<TSlope>(TSlope slope) where TSlope : unmanaged, ISlope<TSlope>
        {
            RowPlan plan = RowPlan.Transposed(g);
            float* packed = Reals(scratch);
            kernels.PackSigns(plan, wBits, g, transposed: true, packed);
            kernels.RunRows<TSigns, TSlope>(plan, Reals(dy), packed, Factor(scale), slope, Reals(x), Reals(dx), mode);
        }
    }
}
