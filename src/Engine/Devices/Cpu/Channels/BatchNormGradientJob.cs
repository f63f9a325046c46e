using System.Runtime.CompilerServices;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>dx (+)= factor (dy - offset - (z - mean) slope) over one slice of rows, 0 where the rectifier blocks.</summary>
internal readonly unsafe struct BatchNormGradientJob<TSimd> : IParallelJob where TSimd : unmanaged, ISimd<TSimd>
{
    public required Slices Slices { get; init; }

    public required int Channels { get; init; }

    /// <summary>[rows, channels].</summary>
    public required float* Dy { get; init; }

    /// <summary>[rows, channels].</summary>
    public required float* X { get; init; }

    /// <summary>[channels].</summary>
    public required float* Mean { get; init; }

    /// <summary>[channels]: gamma invStd.</summary>
    public required float* Factor { get; init; }

    /// <summary>[channels]: dbeta / rows.</summary>
    public required float* Offset { get; init; }

    /// <summary>[channels]: invStd dgamma / rows.</summary>
    public required float* Slope { get; init; }

    public required bool Rectify { get; init; }

    /// <summary>[rows, channels].</summary>
    public required float* Dx { get; init; }

    public required GradMode Mode { get; init; }

    public void Run(int part, int worker) => Rows(Slices.Start(part), Slices.Start(part + 1));

    /// <summary>Does some rows.</summary>
    public void Rows(long first, long end)
    {
        int whole = Channels / TSimd.Width * TSimd.Width;
        for (long row = first; row < end; row++)
        {
            long at = row * Channels;
            for (int c = 0; c < whole; c += TSimd.Width)
                Put<TSimd>(at, c);
            for (int c = whole; c < Channels; c++)
                Put<SimdScalar>(at, c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put<T>(long row, int c) where T : unmanaged, ISimd<T>
    {
        T x = T.Load(X + row + c), z = Rectify ? T.Max(x, T.Zero) : x;
        T centred = T.Load(Dy + row + c) - T.Load(Offset + c) - (z - T.Load(Mean + c)) * T.Load(Slope + c);
        T dx = centred * T.Load(Factor + c);
        if (Rectify)
            dx = T.SelectGreater(x, T.Zero, dx, T.Zero);
        if (Mode == GradMode.Add)
            dx += T.Load(Dx + row + c);
        dx.Store(Dx + row + c);
    }
}
