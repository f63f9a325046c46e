using ReSTE.Native.Engine.Tests.Simd;
using ReSTE.Native.Simd;
using ReSTE.Native.Slopes;

namespace ReSTE.Native.Engine.Tests.Estimators;

/// <summary>A slope of many values through the vectors of one width.</summary>
internal static class SlopeVectors
{
    /// <summary>h of each value; the count need not be a multiple of the width.</summary>
    public static float[] Evaluate<TSlope>(int bits, TSlope slope, float[] x) where TSlope : unmanaged, ISlope<TSlope> =>
        VectorMap.Run(bits, x, new SlopeMap<TSlope>(slope));

    /// <summary>h of each value, of a slope known by its kind.</summary>
    public static float[] Evaluate(int bits, SlopeKind kind, in SlopeParameters p, float[] x)
    {
        var h = new float[x.Length];
        kind.Run(p, new SlopeKernel(bits, x, h));
        return h;
    }

    private readonly struct SlopeMap<TSlope>(TSlope slope) : IVectorMap where TSlope : unmanaged, ISlope<TSlope>
    {
        public T Apply<T>(T x) where T : unmanaged, ISimd<T> => slope.Evaluate(x);
    }

    private readonly struct SlopeKernel(int bits, float[] x, float[] h) : ISlopeKernel
    {
        public void Run<TSlope>(TSlope slope) where TSlope : unmanaged, ISlope<TSlope> => Evaluate(bits, slope, x).CopyTo(h, 0);
    }
}
