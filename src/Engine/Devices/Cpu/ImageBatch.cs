using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void ImageBatch(Tensor images, Tensor labels, Tensor order, Tensor counters, Tensor normalisation, bool ring, int padding,
        bool flip, Tensor x, Tensor y)
    {
        var job = new ImageBatchJob
        {
            Images = images.As<byte>(),
            Labels = labels.As<int>(),
            Order = order.As<int>(),
            Counters = counters.As<long>(),
            Normalisation = Reals(normalisation),
            Ring = ring ? images.Shape[0] : 0,
            Shape = x.Shape,
            Padding = padding,
            Flip = flip,
            X = Reals(x),
            Y = y.As<int>(),
        };
        threads.Run(ref job, x.Shape[0]);
    }

    /// <summary>One image.</summary>
    private readonly struct ImageBatchJob : IParallelJob
    {
        public required byte* Images { get; init; }

        public required int* Labels { get; init; }

        public required int* Order { get; init; }

        public required long* Counters { get; init; }

        public required float* Normalisation { get; init; }

        /// <summary>Places in a ring; 0 where an image's place is its number.</summary>
        public required int Ring { get; init; }

        public required Shape Shape { get; init; }

        public required int Padding { get; init; }

        public required bool Flip { get; init; }

        public required float* X { get; init; }

        public required int* Y { get; init; }

        public void Run(int part, int worker)
        {
            int height = Shape[1], width = Shape[2], channels = Shape[3];
            long at = Counters[BatchCounters.CursorSlot] + part;
            int number = Order[at], image = Ring > 0 ? (int)(at % Ring) : number;
            ulong seed = (ulong)Counters[BatchCounters.SeedSlot];
            CropFlip draw = CropFlip.Draw(seed, (uint)Counters[BatchCounters.EpochSlot], number, Padding, Flip);
            byte* from = Images + (long)image * height * width * channels;
            float* to = X + (long)part * height * width * channels;
            Y[part] = Labels[image];
            for (int r = 0; r < height; r++)
                for (int q = 0; q < width; q++, to += channels)
                {
                    int row = r + draw.Row - Padding, column = (draw.Flip ? width - 1 - q : q) + draw.Column - Padding;
                    bool inside = (uint)row < (uint)height && (uint)column < (uint)width;
                    byte* pixel = from + ((long)row * width + column) * channels;
                    for (int c = 0; c < channels; c++)
                        to[c] = (inside ? pixel[c] : 0) * Normalisation[c] + Normalisation[channels + c];
                }
        }
    }
}
