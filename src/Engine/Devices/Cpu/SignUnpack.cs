using System.Runtime.CompilerServices;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void SignUnpack(Tensor bits, Tensor y)
    {
        var job = new SignUnpackJob { Slices = SliceRows(y.Shape), Channels = y.Shape.Last, Packed = bits.As<uint>(), Y = Reals(y) };
        threads.Run(ref job, job.Slices.Count);
    }

    public void SignUnpackBackward(Tensor dy, Tensor x, SlopeKind slope, Tensor slopeParameters, Tensor dx, GradMode mode)
    {
        var job = new UnpackBackward(this, dy, x, dx, mode);
        slope.Run(ReadSlope(slopeParameters), job);
    }

    /// <summary>The gradient of what was packed, for any slope.</summary>
    private readonly struct UnpackBackward(CpuKernels<TSimd, TBits, TSigns, TGrad> kernels, Tensor dy, Tensor x, Tensor dx,
        GradMode mode) : ISlopeKernel
    {
        public void Run<TSlope>(TSlope slope) where TSlope : unmanaged, ISlope<TSlope> =>
            kernels.RunPointwise(new SignUnpackBackwardOp<TSlope>(Reals(dy), Reals(x), slope, Reals(dx), mode), dx);
    }

    private readonly struct SignUnpackBackwardOp<TSlope>(float* dy, float* x, TSlope slope, float* dx, GradMode mode) : IPointwise
        where TSlope : unmanaged, ISlope<TSlope>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(long at) where T : unmanaged, ISimd<T>
        {
            T g = slope.Evaluate(T.Load(x + at)) * T.Load(dy + at);
            (mode == GradMode.Add ? g + T.Load(dx + at) : g).Store(dx + at);
        }
    }
}
