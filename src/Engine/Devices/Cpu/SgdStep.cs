using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void SgdStep(Tensor w, Tensor dw, Tensor momentum, Tensor knobs) =>
        RunPointwise(new SgdOp(Reals(w), Reals(dw), Reals(momentum), Reals(knobs)), w);

    private readonly struct SgdOp(float* w, float* dw, float* momentum, float* knobs) : IPointwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(long at) where T : unmanaged, ISimd<T>
        {
            T weight = T.Load(w + at);
            T g = T.Load(dw + at) + T.Broadcast(knobs[2]) * weight;
            T m = T.Broadcast(knobs[1]) * T.Load(momentum + at) + g;
            m.Store(momentum + at);
            (weight - T.Broadcast(knobs[0]) * m).Store(w + at);
        }
    }
}
