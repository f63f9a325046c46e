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
            int channels = Y[3];
            WindowRange rows = Range(part % Y[1], X[1]);
            float* image = From + (long)(part / Y[1]) * X[1] * X[2] * channels;
            for (int q = 0; q < Y[2]; q++)
            {
                WindowRange columns = Range(q, X[2]);
                long to = ((long)part * Y[2] + q) * channels;
                int c = 0;
                for (; c + TSimd.Width <= channels; c += TSimd.Width)
                    Pool<TSimd>(image + c, rows, columns, to + c);
                for (; c < channels; c++)
                    Pool<SimdScalar>(image + c, rows, columns, to + c);
            }
        }

        private WindowRange Range(int place, int size)
        {
            int first = place * Window.Stride - Window.Padding, inside = Math.Max(first, 0);
            return new(inside, Math.Min(first + Window.Size, size) - inside, inside - first);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Pool<T>(float* channel, WindowRange rows, WindowRange columns, long to) where T : unmanaged, ISimd<T>
        {
            nint step = X[3], line = X[2] * step;
            float* row = channel + rows.First * line + columns.First * step;
            int place = rows.Tap * Window.Size + columns.Tap;
            T largest = T.Load(row), tap = T.Broadcast(place);
            for (int i = 0; i < rows.Count; i++, row += line, place += Window.Size)
            {
                float* at = row;
                for (int j = 0; j < columns.Count; j++, at += step)
                {
                    T value = T.Load(at);
                    tap = Larger(value, largest, T.Broadcast(place + j), tap);
                    largest = Larger(value, largest, value, largest);
                }
            }

            Prefetch.Ahead(channel + rows.First * line + columns.First * step);
            largest.Store(To + to);
            tap.StoreBytes(Taps + to);
        }

        /// <summary>yes where the value is larger, or NaN; else no.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static T Larger<T>(T value, T largest, T yes, T no) where T : unmanaged, ISimd<T> =>
            T.SelectGreater(value, largest, yes, T.SelectLessOrEqual(value, value, no, yes));
    }

    /// <summary>
    /// Along an axis, of a window the places that lie inside, or of a place the windows that reach it; and the tap of the first.
    /// </summary>
    private readonly record struct WindowRange(int First, int Count, int Tap);

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
            int channels = X[3];
            WindowRange rows = Windows(part % X[1], Y[1]);
            long image = (long)(part / X[1]) * Y[1] * Y[2] * channels;
            for (int column = 0; column < X[2]; column++)
            {
                WindowRange columns = Windows(column, Y[2]);
                float* dx = Dx + ((long)part * X[2] + column) * channels;
                int c = 0;
                for (; c + TSimd.Width <= channels; c += TSimd.Width)
                    Gather<TSimd>(image + c, rows, columns, dx + c);
                for (; c < channels; c++)
                    Gather<SimdScalar>(image + c, rows, columns, dx + c);
            }
        }

        /// <summary>
        /// The windows along an axis that reach a place, and the tap by which the first does; the next ones' are a stride less.
        /// </summary>
        private WindowRange Windows(int place, int count)
        {
            int padded = place + Window.Padding, first = padded < Window.Size ? 0 : (padded - Window.Size) / Window.Stride + 1;
            return new(first, Math.Min(padded / Window.Stride, count - 1) + 1 - first, padded - first * Window.Stride);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Gather<T>(long channel, WindowRange rows, WindowRange columns, float* dx) where T : unmanaged, ISimd<T>
        {
            T sum = T.Zero;
            for (int p = 0; p < rows.Count; p++)
            {
                long from = channel + ((long)(rows.First + p) * Y[2] + columns.First) * Y[3];
                int tap = (rows.Tap - p * Window.Stride) * Window.Size + columns.Tap;
                for (int q = 0; q < columns.Count; q++, from += Y[3], tap -= Window.Stride)
                {
                    T distance = T.Abs(T.LoadBytes(Taps + from) - T.Broadcast(tap));
                    sum += T.SelectLessOrEqual(distance, T.Zero, T.Load(Dy + from), T.Zero);
                }
            }

            (Mode == GradMode.Add ? sum + T.Load(dx) : sum).Store(dx);
        }
    }
}
