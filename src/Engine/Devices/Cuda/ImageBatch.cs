using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>image_batch</c>.</summary>
internal readonly record struct ImageBatch(Ptr<byte> Images, Ptr<int> Labels, Ptr<int> Order, Ptr<long> Counters, Ptr<float> Normalisation,
    Ptr<float> X, Ptr<int> Y, uint N, uint H, uint W, uint C, uint Ring, uint Padding, uint Flip) : IKernelArgs;

internal sealed partial class CudaKernels
{
    // A thread a pixel.
    public void ImageBatch(Tensor images, Tensor labels, Tensor order, Tensor counters, Tensor normalisation, bool ring, int padding,
        bool flip, Tensor x, Tensor y)
    {
        var (n, h, w, c) = Dimensions(x);
        uint places = ring ? (uint)images.Shape[0] : 0;
        Launch(new ImageBatch(new(images.Address), new(labels.Address), new(order.Address), new(counters.Address), Reals(normalisation),
            Reals(x), new(y.Address), n, h, w, c, places, (uint)padding, Flag(flip)), Blocks<ImageBatch>(Rows(x)));
    }
}
