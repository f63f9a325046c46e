using System.Runtime.CompilerServices;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void MaxPool(Tensor x, in PoolWindow window, Tensor taps, Tensor y)
    {
        var job = new MaxPoolJob { X = x.Shape, Y = y.Shape, Window = window, From = Reals(x), Taps = taps.As<byte>(), To = Reals(y) };
        threads.Run(ref job, y.Shape[0] * y.Shape[1]);
    }

    public void MaxPoolBackward(Tensor dy, Tensor taps, in PoolWindow window, Tensor dx, GradMode mode)
    {
        var job = new MaxPoolBackwardJob
        {
            X = dx.Shape,
            Y = dy.Shape,
            Window = window,
            Dy = Reals(dy),
            Taps = taps.As<byte>(),
            Dx = Reals(dx),
            Mode = mode,
        };
        threads.Run(ref job, dx.Shape[0] * dx.Shape[1]);
    }

    /// <summary>One row of an image's output, a vector of channels at a time.</summary>
    private readonly struct MaxPoolJob : IParallelJob
    {
        public required Shape X { get; init; }

        public required Shape Y { get; init; }

        public required PoolWindow Window { get; init; }

        public required float* From { get; init; }

        public required byte* Taps { get; init; }

        public required float* To { get; init; }

        public void Run(int part, int worker)
        {
            int channels = Y[3], top = part % Y[1] * Window.Stride - Window.Padding;
            float* image = From + (long)(part / Y[1]) * X[1] * X[2] * channels;
            for (int q = 0; q < Y[2]; q++)
            {
                long to = ((long)part * Y[2] + q) * channels;
                int left = q * Window.Stride - Window.Padding, c = 0;
                for (; c + TSimd.Width <= channels; c += TSimd.Width)
                    Pool<TSimd>(image + c, top, left, to + c);
                for (; c < channels; c++)
                    Pool<SimdScalar>(image + c, top, left, to + c);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Pool<T>(float* channel, int top, int left, long to) where T : unmanaged, ISimd<T>
        {
            T largest = T.Zero, tap = T.Zero;
            bool any = false;
            for (int row = Math.Max(top, 0); row < Math.Min(top + Window.Size, X[1]); row++)
                for (int column = Math.Max(left, 0); column < Math.Min(left + Window.Size, X[2]); column++)
                {
                    T value = T.Load(channel + ((long)row * X[2] + column) * X[3]);
                    T here = T.Broadcast((row - top) * Window.Size + column - left);
                    tap = any ? Larger(value, largest, here, tap) : here;
                    largest = any ? Larger(value, largest, value, largest) : value;
                    any = true;
                }
            largest.Store(To + to);
            tap.StoreBytes(Taps + to);
        }

        /// <summary>yes where the value is larger, or NaN; else no.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static T Larger<T>(T value, T largest, T yes, T no) where T : unmanaged, ISimd<T>
        {
            // A comparison with NaN is false: the value's own NaN is then told from that of the largest so far, which stays.
            T unordered = T.SelectLessOrEqual(value, value, no, yes);
            return T.SelectLessOrEqual(largest, largest, T.SelectLessOrEqual(value, largest, no, yes), unordered);
        }
    }

    /// <summary>One row of an image's gradient: every pixel gathers from the windows that reach it.</summary>
    private readonly struct MaxPoolBackwardJob : IParallelJob
    {
        public required Shape X { get; init; }

        public required Shape Y { get; init; }

        public required PoolWindow Window { get; init; }

        public required float* Dy { get; init; }

        public required byte* Taps { get; init; }

        public required float* Dx { get; init; }

        public required GradMode Mode { get; init; }

        public void Run(int part, int worker)
        {
            int channels = X[3], row = part % X[1] + Window.Padding;
            long image = part / X[1];
            for (int column = 0; column < X[2]; column++)
            {
                float* dx = Dx + ((long)part * X[2] + column) * channels;
                int c = 0;
                for (; c + TSimd.Width <= channels; c += TSimd.Width)
                    Gather<TSimd>(image, row, column + Window.Padding, c, dx + c);
                for (; c < channels; c++)
                    Gather<SimdScalar>(image, row, column + Window.Padding, c, dx + c);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Gather<T>(long image, int row, int column, int channel, float* dx) where T : unmanaged, ISimd<T>
        {
            T sum = T.Zero;
            for (int p = First(row); p <= Math.Min(row / Window.Stride, Y[1] - 1); p++)
                for (int q = First(column); q <= Math.Min(column / Window.Stride, Y[2] - 1); q++)
                {
                    long from = ((image * Y[1] + p) * Y[2] + q) * Y[3] + channel;
                    T here = T.Broadcast((row - p * Window.Stride) * Window.Size + column - q * Window.Stride);
                    T distance = T.Abs(T.LoadBytes(Taps + from) - here);
                    sum += T.SelectLessOrEqual(distance, T.Zero, T.Load(Dy + from), T.Zero);
                }
            (Mode == GradMode.Add ? sum + T.Load(dx) : sum).Store(dx);
        }

        /// <summary>The first window along an axis that may reach a place, which has the padding added to it.</summary>
        private int First(int place) => place < Window.Size ? 0 : (place - Window.Size) / Window.Stride + 1;
    }
}
