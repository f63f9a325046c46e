using System.Runtime.CompilerServices;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void Relu(Tensor x, Tensor y) => RunPointwise(new ReluOp(Reals(x), Reals(y)), y);

    public void ReluBackward(Tensor dy, Tensor y, Tensor dx, GradMode mode) =>
        RunPointwise(new ReluBackwardOp(Reals(dy), Reals(y), Reals(dx), mode), dx);

    private readonly struct ReluOp(float* x, float* y) : IPointwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(long at) where T : unmanaged, ISimd<T> => T.Max(T.Load(x + at), T.Zero).Store(y + at);
    }

    private readonly struct ReluBackwardOp(float* dy, float* y, float* dx, GradMode mode) : IPointwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(long at) where T : unmanaged, ISimd<T>
        {
            T g = T.SelectGreater(T.Load(y + at), T.Zero, T.Load(dy + at), T.Zero);
            (mode == GradMode.Add ? g + T.Load(dx + at) : g).Store(dx + at);
        }
    }
}
