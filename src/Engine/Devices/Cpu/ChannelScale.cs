using System.Runtime.CompilerServices;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void ChannelScale(Tensor x, Tensor scale, Tensor y)
    {
        ChannelScaleJob job = ScaleJob(x, scale, y, GradMode.Write);
        threads.Run(ref job, job.Slices.Count);
    }

    public void ChannelScaleBackward(Tensor dy, Tensor x, Tensor scale, Tensor? dx, GradMode mode, Tensor? dscale, Tensor? scratch)
    {
        if (dx != null)
        {
            ChannelScaleJob job = ScaleJob(dy, scale, dx, mode);
            threads.Run(ref job, job.Slices.Count);
        }
        if (dscale == null)
            return;
        var sums = new ChannelScaleSumsJob
        {
            Slices = SliceRows(x.Shape),
            Channels = x.Shape.Last,
            Dy = Reals(dy),
            X = Reals(x),
            Sums = scratch!.As<double>(),
        };
        threads.Run(ref sums, sums.Slices.Count);
        for (int c = 0; c < sums.Channels; c++)
            Reals(dscale)[c] = (float)sums.Total(c);
    }

    private static long ChannelScaleBytes(Shape x) => (long)SliceRows(x).Count * x.Last * sizeof(double);

    private static ChannelScaleJob ScaleJob(Tensor x, Tensor scale, Tensor y, GradMode mode) => new()
    {
        Slices = SliceRows(x.Shape),
        Channels = x.Shape.Last,
        X = Reals(x),
        Scale = Reals(scale),
        Y = Reals(y),
        Mode = mode,
    };

    /// <summary>y (+)= scale x over one slice of rows.</summary>
    private readonly struct ChannelScaleJob : IParallelJob
    {
        public required Slices Slices { get; init; }

        public required int Channels { get; init; }

        /// <summary>[rows, channels].</summary>
        public required float* X { get; init; }

        /// <summary>[channels].</summary>
        public required float* Scale { get; init; }

        /// <summary>[rows, channels].</summary>
        public required float* Y { get; init; }

        public required GradMode Mode { get; init; }

        public void Run(int part, int worker)
        {
            int whole = Channels / TSimd.Width * TSimd.Width;
            for (long row = Slices.Start(part); row < Slices.Start(part + 1); row++)
            {
                for (int c = 0; c < whole; c += TSimd.Width)
                    Put<TSimd>(row * Channels, c);
                for (int c = whole; c < Channels; c++)
                    Put<SimdScalar>(row * Channels, c);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Put<T>(long row, int c) where T : unmanaged, ISimd<T>
        {
            T y = T.Load(Scale + c) * T.Load(X + row + c);
            (Mode == GradMode.Add ? y + T.Load(Y + row + c) : y).Store(Y + row + c);
        }
    }

    /// <summary>The sum of dy x of each channel over one slice of rows, in double.</summary>
    private readonly struct ChannelScaleSumsJob : IParallelJob
    {
        public required Slices Slices { get; init; }

        public required int Channels { get; init; }

        /// <summary>[rows, channels].</summary>
        public required float* Dy { get; init; }

        /// <summary>[rows, channels].</summary>
        public required float* X { get; init; }

        /// <summary>[slices, channels].</summary>
        public required double* Sums { get; init; }

        public void Run(int part, int worker)
        {
            double* sums = Sums + (long)part * Channels;
            new Span<double>(sums, Channels).Clear();
            for (long row = Slices.Start(part); row < Slices.Start(part + 1); row++)
                DoubleSums.AddProducts(Dy + row * Channels, X + row * Channels, Channels, sums);
        }

        /// <summary>The sum of a channel, added in the order of the slices.</summary>
        public double Total(int channel)
        {
            double total = 0;
            for (int s = 0; s < Slices.Count; s++)
                total += Sums[(long)s * Channels + channel];
            return total;
        }
    }
}
