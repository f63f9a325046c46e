using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void AdamCorrections(Tensor steps, Tensor knobs, Tensor corrections)
    {
        float* k = Reals(knobs);
        double t = Reals(steps)[0] += 1;
        Reals(corrections)[0] = (float)(k[0] / (1 - Math.Pow(1 - (double)k[1], t)));
        Reals(corrections)[1] = (float)Math.Sqrt(1 - Math.Pow(1 - (double)k[2], t));
    }

    public void AdamStep(Tensor w, Tensor dw, Tensor mean, Tensor square, Tensor corrections, Tensor knobs) =>
        RunPointwise(new AdamOp(Reals(w), Reals(dw), Reals(mean), Reals(square), Reals(corrections), Reals(knobs)), w);

    private readonly struct AdamOp(float* w, float* dw, float* mean, float* square, float* corrections, float* knobs) : IPointwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(long at) where T : unmanaged, ISimd<T>
        {
            T one = T.Broadcast(1), fresh1 = T.Broadcast(knobs[1]), fresh2 = T.Broadcast(knobs[2]);
            T weight = T.Load(w + at);
            T g = T.Load(dw + at) + T.Broadcast(knobs[4]) * weight;
            T m = (one - fresh1) * T.Load(mean + at) + fresh1 * g;
            T v = (one - fresh2) * T.Load(square + at) + fresh2 * g * g;
            m.Store(mean + at);
            v.Store(square + at);
            T deviation = T.Sqrt(v) / T.Broadcast(corrections[1]) + T.Broadcast(knobs[3]);
            (T.Broadcast(knobs[5]) * weight - T.Broadcast(corrections[0]) * m / deviation).Store(w + at);
        }
    }
}
