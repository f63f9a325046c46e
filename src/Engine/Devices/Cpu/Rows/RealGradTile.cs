using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// The inner loop of a real weight gradient: for eight places of a kernel row and two vectors of output channels, or one, adds
/// x * dy over the pixels of some rows.
/// </summary>
internal readonly unsafe struct RealGradTile<TSimd> where TSimd : unmanaged, ISimd<TSimd>
{
    /// <summary>Places of a kernel row at once.</summary>
    public const int Block = 8;

    /// <summary>Images, whose gradients lie one after another.</summary>
    public required int Images { get; init; }

    /// <summary>Singles of x between images.</summary>
    public required nint ImageStep { get; init; }

    /// <summary>Rows of pixels of an image.</summary>
    public required int Rows { get; init; }

    /// <summary>Pixels of a row.</summary>
    public required int Columns { get; init; }

    /// <summary>Singles of x between neighbouring pixels.</summary>
    public required int Step { get; init; }

    /// <summary>Singles of x between rows.</summary>
    public required nint Line { get; init; }

    /// <summary>Output channels: singles between pixels of the gradient, and between the sums of neighbouring places.</summary>
    public required int Outputs { get; init; }

    /// <summary>The gradient of the first pixel.</summary>
    public required float* Dy { get; init; }

    /// <summary>Whether the sums begin at zero, whatever lies there.</summary>
    public required bool IsFresh { get; init; }

    /// <summary>
    /// Adds to the sums of <paramref name="count"/> places that begin at <paramref name="x"/>. Of fewer than eight, or of as few channels
    /// as one vector has, what is read too much is multiplied too and thrown away: it lies in the worker's memory.
    /// </summary>
    public void Add(float* x, int count, int channels, float* sums)
    {
        if (channels > TSimd.Width)
            EightByTwo(x, count, sums);
        else
            EightByOne(x, count, sums);
    }

    private void EightByTwo(float* x, int count, float* sums)
    {
        TSimd a0 = TSimd.Zero, a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
        TSimd b0 = TSimd.Zero, b1 = b0, b2 = b0, b3 = b0, b4 = b0, b5 = b0, b6 = b0, b7 = b0;
        float* more = sums + TSimd.Width, dy = Dy;
        nint step = Step, outputs = Outputs;
        for (int p = 0; p < Images * Rows; p++)
        {
            float* at = x + p / Rows * ImageStep + p % Rows * Line;
            for (float* end = dy + Columns * outputs; dy < end; at += step, dy += outputs)
            {
                TSimd d0 = TSimd.Load(dy), d1 = TSimd.Load(dy + TSimd.Width), v = TSimd.Broadcast(at[0]);
                (a0, b0) = (TSimd.MultiplyAdd(v, d0, a0), TSimd.MultiplyAdd(v, d1, b0));
                v = TSimd.Broadcast(at[1]);
                (a1, b1) = (TSimd.MultiplyAdd(v, d0, a1), TSimd.MultiplyAdd(v, d1, b1));
                v = TSimd.Broadcast(at[2]);
                (a2, b2) = (TSimd.MultiplyAdd(v, d0, a2), TSimd.MultiplyAdd(v, d1, b2));
                v = TSimd.Broadcast(at[3]);
                (a3, b3) = (TSimd.MultiplyAdd(v, d0, a3), TSimd.MultiplyAdd(v, d1, b3));
                v = TSimd.Broadcast(at[4]);
                (a4, b4) = (TSimd.MultiplyAdd(v, d0, a4), TSimd.MultiplyAdd(v, d1, b4));
                v = TSimd.Broadcast(at[5]);
                (a5, b5) = (TSimd.MultiplyAdd(v, d0, a5), TSimd.MultiplyAdd(v, d1, b5));
                v = TSimd.Broadcast(at[6]);
                (a6, b6) = (TSimd.MultiplyAdd(v, d0, a6), TSimd.MultiplyAdd(v, d1, b6));
                v = TSimd.Broadcast(at[7]);
                (a7, b7) = (TSimd.MultiplyAdd(v, d0, a7), TSimd.MultiplyAdd(v, d1, b7));
            }
        }

        Store(sums, count, a0, a1, a2, a3, a4, a5, a6, a7);
        Store(more, count, b0, b1, b2, b3, b4, b5, b6, b7);
    }

    private void EightByOne(float* x, int count, float* sums)
    {
        TSimd a0 = TSimd.Zero, a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
        float* dy = Dy;
        nint step = Step, outputs = Outputs;
        for (int p = 0; p < Images * Rows; p++)
        {
            float* at = x + p / Rows * ImageStep + p % Rows * Line;
            for (float* end = dy + Columns * outputs; dy < end; at += step, dy += outputs)
            {
                TSimd d = TSimd.Load(dy);
                a0 = TSimd.MultiplyAdd(TSimd.Broadcast(at[0]), d, a0);
                a1 = TSimd.MultiplyAdd(TSimd.Broadcast(at[1]), d, a1);
                a2 = TSimd.MultiplyAdd(TSimd.Broadcast(at[2]), d, a2);
                a3 = TSimd.MultiplyAdd(TSimd.Broadcast(at[3]), d, a3);
                a4 = TSimd.MultiplyAdd(TSimd.Broadcast(at[4]), d, a4);
                a5 = TSimd.MultiplyAdd(TSimd.Broadcast(at[5]), d, a5);
                a6 = TSimd.MultiplyAdd(TSimd.Broadcast(at[6]), d, a6);
                a7 = TSimd.MultiplyAdd(TSimd.Broadcast(at[7]), d, a7);
            }
        }

        Store(sums, count, a0, a1, a2, a3, a4, a5, a6, a7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store(float* sums, int count, TSimd a, TSimd b, TSimd c, TSimd d, TSimd e, TSimd f, TSimd g, TSimd h)
    {
        Put(a, sums, 0, count);
        Put(b, sums, 1, count);
        Put(c, sums, 2, count);
        Put(d, sums, 3, count);
        Put(e, sums, 4, count);
        Put(f, sums, 5, count);
        Put(g, sums, 6, count);
        Put(h, sums, 7, count);
    }

    // The sum of these rows is added to that so far as one number: long sums of singles lose less.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put(TSimd rows, float* sums, int place, int count)
    {
        if (place >= count)
            return;
        float* sum = sums + (nint)place * Outputs;
        (IsFresh ? rows : TSimd.Load(sum) + rows).Store(sum);
    }
}
