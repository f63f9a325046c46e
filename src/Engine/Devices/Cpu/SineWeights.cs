using System.Runtime.CompilerServices;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void SineWeights(Tensor w, Tensor knobs, Tensor y) =>
        RunPointwise(new SineOp(Reals(w), Reals(knobs)[0], Reals(knobs)[1] != 0, Reals(y)), y);

    public void SineWeightsBackward(Tensor dy, Tensor w, Tensor knobs, Tensor dw, GradMode mode)
    {
        float frequency = Reals(knobs)[0], pull = (float)((double)Reals(knobs)[2] * frequency / w.Shape.Count);
        RunPointwise(new SineBackwardOp(Reals(dy), Reals(w), frequency, pull, Reals(dw), mode), dw);
    }

    private readonly struct SineOp(float* w, float frequency, bool signs, float* y) : IPointwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(long at) where T : unmanaged, ISimd<T>
        {
            T sine = Trigonometry.Sin(T.Load(w + at) * T.Broadcast(frequency));
            if (signs)
                sine = T.SelectLess(sine, T.Zero, T.Broadcast(-1), T.Broadcast(1));
            sine.Store(y + at);
        }
    }

    private readonly struct SineBackwardOp(float* dy, float* w, float frequency, float pull, float* dw, GradMode mode) : IPointwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(long at) where T : unmanaged, ISimd<T>
        {
            T x = T.Load(w + at) * T.Broadcast(frequency);
            // sin 2x = 2 sin x cos x.
            T cosine = Trigonometry.Cos(x), sine = Trigonometry.Sin(x);
            T g = (T.Load(dy + at) * T.Broadcast(frequency) + sine * T.Broadcast(2 * pull)) * cosine;
            (mode == GradMode.Add ? g + T.Load(dw + at) : g).Store(dw + at);
        }
    }
}
