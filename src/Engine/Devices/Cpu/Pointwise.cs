using System.Runtime.CompilerServices;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd>
{
    public void Relu(Tensor x, Tensor y) => RunPointwise(new ReluOp(Reals(x), Reals(y)), y);

    public void ReluBackward(Tensor dy, Tensor y, Tensor dx, GradMode mode) =>
        RunPointwise(new ReluBackwardOp(Reals(dy), Reals(y), Reals(dx), mode), dx);

    public void Add(Tensor a, Tensor b, Tensor y) => RunPointwise(new AddOp(Reals(a), Reals(b), Reals(y)), y);

    public void Accumulate(Tensor dy, Tensor dx, GradMode mode) => RunPointwise(new AccumulateOp(Reals(dy), Reals(dx), mode), dx);

    public void SgdStep(Tensor w, Tensor dw, Tensor momentum, Tensor knobs) =>
        RunPointwise(new SgdOp(Reals(w), Reals(dw), Reals(momentum), Reals(knobs)), w);

    private void RunPointwise<TOp>(TOp op, Tensor tensor) where TOp : unmanaged, IPointwise
    {
        var job = new PointwiseJob<TSimd, TOp> { Slices = new Slices(tensor.Shape.Count, ChannelBuffer.MaximalSlices), Op = op };
        threads.Run(ref job, job.Slices.Count);
    }

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

    private readonly struct AddOp(float* a, float* b, float* y) : IPointwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(long at) where T : unmanaged, ISimd<T> => (T.Load(a + at) + T.Load(b + at)).Store(y + at);
    }

    private readonly struct AccumulateOp(float* dy, float* dx, GradMode mode) : IPointwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(long at) where T : unmanaged, ISimd<T>
        {
            T g = T.Load(dy + at);
            (mode == GradMode.Add ? g + T.Load(dx + at) : g).Store(dx + at);
        }
    }

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
