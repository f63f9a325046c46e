using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void AdaSteMap(Tensor theta, Tensor w, Tensor knobs) =>
        RunPointwise(new AdaSteMapOp(Reals(theta), Reals(w), Reals(knobs)), theta);

    private readonly struct AdaSteMapOp(float* theta, float* w, float* knobs) : IPointwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(long at) where T : unmanaged, ISimd<T>
        {
            T t = T.Load(theta + at), lift = T.Broadcast(knobs[0]), one = T.Broadcast(1), minusOne = T.Broadcast(-1);
            T lifted = T.SelectGreater(t, T.Zero, t + lift, T.SelectLess(t, T.Zero, t - lift, t)) / T.Broadcast(knobs[1]);
            T.SelectGreater(lifted, one, one, T.SelectLess(lifted, minusOne, minusOne, lifted)).Store(w + at);
        }
    }
}
