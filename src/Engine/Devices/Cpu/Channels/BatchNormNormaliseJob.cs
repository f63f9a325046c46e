using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>y = (z - mean) factor + offset [+ shortcut] over one slice of rows.</summary>
internal readonly unsafe struct BatchNormNormaliseJob<TSimd> : IParallelJob where TSimd : unmanaged, ISimd<TSimd>
{
    public required Slices Slices { get; init; }

    public required int Channels { get; init; }

    /// <summary>[rows, channels].</summary>
    public required float* X { get; init; }

    /// <summary>[rows, channels] or null.</summary>
    public required float* Shortcut { get; init; }

    /// <summary>[channels].</summary>
    public required float* Mean { get; init; }

    /// <summary>[channels].</summary>
    public required float* Factor { get; init; }

    /// <summary>[channels].</summary>
    public required float* Offset { get; init; }

    public required bool Rectify { get; init; }

    /// <summary>[rows, channels].</summary>
    public required float* Y { get; init; }

    public void Run(int part, int worker) => Run(part, firstChannel: 0, Channels);

    /// <summary>Does some channels, the first a multiple of the width.</summary>
    public void Run(int part, int firstChannel, int endChannel)
    {
        float floor = Rectify ? 0 : float.NegativeInfinity;
        int whole = endChannel / TSimd.Width * TSimd.Width;
        for (long row = Slices.Start(part); row < Slices.Start(part + 1); row++)
        {
            long at = row * Channels;
            for (int c = firstChannel; c < whole; c += TSimd.Width)
                Put<TSimd>(at, c, floor);
            for (int c = whole; c < endChannel; c++)
                Put<SimdScalar>(at, c, floor);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put<T>(long row, int c, float floor) where T : unmanaged, ISimd<T>
    {
        T z = T.Max(T.Load(X + row + c), T.Broadcast(floor));
        T y = T.MultiplyAddOnce(z - T.Load(Mean + c), T.Load(Factor + c), T.Load(Offset + c));
        if (Shortcut != null)
            y += T.Load(Shortcut + row + c);
        y.Store(Y + row + c);
    }
}
