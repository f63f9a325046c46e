using System.Runtime.CompilerServices;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void HardTanh(Tensor x, Tensor y) => RunPointwise(new HardTanhOp(Reals(x), Reals(y)), y);

    public void HardTanhBackward(Tensor dy, Tensor x, Tensor dx, GradMode mode) =>
        RunPointwise(new HardTanhBackwardOp(Reals(dy), Reals(x), Reals(dx), mode), dx);

    private readonly struct HardTanhOp(float* x, float* y) : IPointwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(long at) where T : unmanaged, ISimd<T>
        {
            // A NaN fails both comparisons and stays.
            T value = T.Load(x + at), one = T.Broadcast(1), minusOne = T.Broadcast(-1);
            T.SelectGreater(value, one, one, T.SelectLess(value, minusOne, minusOne, value)).Store(y + at);
        }
    }

    private readonly struct HardTanhBackwardOp(float* dy, float* x, float* dx, GradMode mode) : IPointwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(long at) where T : unmanaged, ISimd<T>
        {
            T g = T.SelectLess(T.Abs(T.Load(x + at)), T.Broadcast(1), T.Load(dy + at), T.Zero);
            (mode == GradMode.Add ? g + T.Load(dx + at) : g).Store(dx + at);
        }
    }
}
