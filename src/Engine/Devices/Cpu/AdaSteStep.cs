using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void AdaSteStep(Tensor theta, Tensor dw, Tensor momentum, Tensor steps, Tensor factor, Tensor knobs)
    {
        float correction = (float)(1 - Math.Pow(Reals(knobs)[1], *Reals(steps)));
        RunPointwise(new AdaSteStepOp(Reals(theta), Reals(dw), Reals(momentum), correction, Reals(factor), Reals(knobs)), theta);
    }

    private readonly struct AdaSteStepOp(float* theta, float* dw, float* momentum, float correction, float* factor, float* knobs)
        : IPointwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(long at) where T : unmanaged, ISimd<T>
        {
            T t = T.Load(theta + at), g = T.Load(dw + at);
            T fresh = T.Broadcast(knobs[4]) * (Factor(t, g) * g) + T.Broadcast(knobs[3]) * t;
            T m = T.Broadcast(knobs[1]) * T.Load(momentum + at) + T.Broadcast(knobs[2]) * fresh;
            m.Store(momentum + at);
            (t - T.Broadcast(knobs[0]) * m / T.Broadcast(correction)).Store(theta + at);
        }

        /// <summary>The rows of the table, each laid over those before it.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private T Factor<T>(T t, T g) where T : unmanaged, ISimd<T>
        {
            T a = T.Abs(t), edge = T.Broadcast(factor[0]), zero = T.Broadcast(factor[1]), slope = T.Broadcast(factor[4]);
            // Where theta and its gradient are of one sign, the step pulls theta to zero.
            T away = T.Zero - T.Abs(g), pull = T.SelectGreater(t, T.Zero, g, T.SelectLess(t, T.Zero, T.Zero - g, away));
            T share = T.SelectGreater(t, T.Zero, T.Broadcast(factor[8]), T.Broadcast(1));
            T saturated = T.SelectGreater(pull, T.Zero, Cut(T.Broadcast(factor[5]) / a), T.Zero);
            T middle = Cut((T.Broadcast(factor[6]) + share * a) / T.Broadcast(factor[7]) / a);
            T unsaturated = T.SelectGreater(pull, T.Zero, T.SelectLess(a, edge, middle, slope), slope);
            T moved = T.SelectGreater(a, zero, T.SelectGreater(a, edge, saturated, unsaturated), slope);
            return T.SelectGreater(T.Abs(g), T.Broadcast(factor[2]), moved, slope);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private T Cut<T>(T value) where T : unmanaged, ISimd<T>
        {
            T cap = T.Broadcast(factor[3]);
            return T.SelectGreater(value, cap, cap, T.SelectLess(value, T.Zero, T.Zero, value));
        }
    }
}
