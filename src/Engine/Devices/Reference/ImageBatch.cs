using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void ImageBatch(Tensor images, Tensor labels, Tensor order, Tensor counters, Tensor normalisation, bool ring,
        int padding, bool flip, Tensor x, Tensor y)
    {
        int height = x.Shape[1], width = x.Shape[2], channels = x.Shape[3];
        long* counter = counters.As<long>();
        for (int n = 0; n < x.Shape[0]; n++)
        {
            long at = counter[BatchCounters.CursorSlot] + n;
            int number = order.As<int>()[at], image = ring ? (int)(at % images.Shape[0]) : number;
            CropFlip draw = CropFlip.Draw((ulong)counter[BatchCounters.SeedSlot], (uint)counter[BatchCounters.EpochSlot], number,
                padding, flip);
            y.As<int>()[n] = labels.As<int>()[image];
            for (int r = 0; r < height; r++)
                for (int q = 0; q < width; q++)
                    for (int c = 0; c < channels; c++)
                    {
                        int row = r + draw.Row - padding, column = (draw.Flip ? width - 1 - q : q) + draw.Column - padding;
                        bool inside = row >= 0 && row < height && column >= 0 && column < width;
                        double value = inside ? images.As<byte>()[(((long)image * height + row) * width + column) * channels + c] : 0;
                        Reals(x)[(((long)n * height + r) * width + q) * channels + c] =
                            value * Reals(normalisation)[c] + Reals(normalisation)[channels + c];
                    }
        }
    }
}
