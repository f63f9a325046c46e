using System.Runtime.CompilerServices;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void Add(Tensor a, Tensor b, Tensor y) => RunPointwise(new AddOp(Reals(a), Reals(b), Reals(y)), y);

    public void Accumulate(Tensor dy, Tensor dx, GradMode mode) => RunPointwise(new AccumulateOp(Reals(dy), Reals(dx), mode), dx);

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
}
