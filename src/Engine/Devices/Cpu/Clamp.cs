using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void Clamp(Tensor x, float bound) => RunPointwise(new ClampOp(Reals(x), bound), x);

    private readonly struct ClampOp(float* x, float bound) : IPointwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(long at) where T : unmanaged, ISimd<T>
        {
            // A NaN fails both comparisons and stays.
            T value = T.Load(x + at), high = T.Broadcast(bound), low = T.Broadcast(-bound);
            T.SelectGreater(value, high, high, T.SelectLess(value, low, low, value)).Store(x + at);
        }
    }
}
