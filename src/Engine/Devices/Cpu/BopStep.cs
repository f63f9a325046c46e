using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void BopStep(Tensor w, Tensor dw, Tensor mean, Tensor knobs) =>
        RunPointwise(new BopOp(Reals(w), Reals(dw), Reals(mean), Reals(knobs)), w);

    private readonly struct BopOp(float* w, float* dw, float* mean, float* knobs) : IPointwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(long at) where T : unmanaged, ISimd<T>
        {
            T m = T.Broadcast(knobs[0]) * T.Load(mean + at) + T.Broadcast(knobs[1]) * T.Load(dw + at);
            m.Store(mean + at);
            T one = T.Broadcast(1), sign = T.SelectLess(T.Load(w + at), T.Zero, T.Zero - one, one);
            T.SelectGreater(sign * m, T.Broadcast(knobs[2]), T.Zero - sign, sign).Store(w + at);
        }
    }
}
