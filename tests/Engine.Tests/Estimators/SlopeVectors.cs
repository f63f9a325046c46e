using ReSTE.Native.Simd;
using ReSTE.Native.Slopes;

namespace ReSTE.Native.Engine.Tests.Estimators;

/// <summary>A slope, or a power, of many values through the vectors of one width.</summary>
internal static unsafe class SlopeVectors
{
    /// <summary>h of each value; the count need not be a multiple of the width.</summary>
    public static float[] Evaluate<TSlope>(int bits, TSlope slope, float[] x) where TSlope : unmanaged, ISlope<TSlope> => bits switch
    {
        512 => Map<Simd512, SlopeMap<TSlope>>(x, new SlopeMap<TSlope>(slope)),
        256 => Map<Simd256, SlopeMap<TSlope>>(x, new SlopeMap<TSlope>(slope)),
        _ => Map<SimdScalar, SlopeMap<TSlope>>(x, new SlopeMap<TSlope>(slope)),
    };

    /// <summary>a^p of each value.</summary>
    public static float[] Raise(int bits, float[] a, float p) => bits switch
    {
        512 => Map<Simd512, PowerMap>(a, new PowerMap(p)),
        256 => Map<Simd256, PowerMap>(a, new PowerMap(p)),
        _ => Map<SimdScalar, PowerMap>(a, new PowerMap(p)),
    };

    private static float[] Map<T, TMap>(float[] x, TMap map) where T : unmanaged, ISimd<T> where TMap : IMap
    {
        float[] padded = [.. x, .. new float[T.Width]], y = new float[padded.Length];
        fixed (float* from = padded, to = y)
        {
            for (int i = 0; i < x.Length; i += T.Width)
                map.Apply(T.Load(from + i)).Store(to + i);
        }

        return y[..x.Length];
    }

    private interface IMap
    {
        T Apply<T>(T x) where T : unmanaged, ISimd<T>;
    }

    private readonly struct SlopeMap<TSlope>(TSlope slope) : IMap where TSlope : unmanaged, ISlope<TSlope>
    {
        public T Apply<T>(T x) where T : unmanaged, ISimd<T> => slope.Evaluate(x);
    }

    private readonly struct PowerMap(float p) : IMap
    {
        public T Apply<T>(T x) where T : unmanaged, ISimd<T> => Power.Of(x, p);
    }
}
