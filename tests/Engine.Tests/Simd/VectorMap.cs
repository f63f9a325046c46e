using ReSTE.Native.Simd;

namespace ReSTE.Native.Engine.Tests.Simd;

/// <summary>A function of one vector, for any width.</summary>
internal interface IVectorMap
{
    T Apply<T>(T x) where T : unmanaged, ISimd<T>;
}

/// <summary>Functions of many values through the vectors of one width.</summary>
internal static unsafe class VectorMap
{
    /// <summary>The function of each value; the count need not be a multiple of the width.</summary>
    public static float[] Run<TMap>(int bits, float[] x, TMap map) where TMap : IVectorMap => bits switch
    {
        512 => Map<Simd512, TMap>(x, map),
        256 => Map<Simd256, TMap>(x, map),
        128 => Map<Simd128, TMap>(x, map),
        _ => Map<SimdScalar, TMap>(x, map),
    };

    private static float[] Map<T, TMap>(float[] x, TMap map) where T : unmanaged, ISimd<T> where TMap : IVectorMap
    {
        float[] padded = [.. x, .. new float[T.Width]], y = new float[padded.Length];
        fixed (float* from = padded, to = y)
        {
            for (int i = 0; i < x.Length; i += T.Width)
                map.Apply(T.Load(from + i)).Store(to + i);
        }

        return y[..x.Length];
    }
}
