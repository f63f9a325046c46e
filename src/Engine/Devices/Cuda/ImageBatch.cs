using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>image_batch</c>.</summary>
internal readonly record struct ImageBatch(Ptr<byte> Images, Ptr<int> Labels, Ptr<int> Order, Ptr<long> Counters, Ptr<float> Normalisation, Ptr<float> X,
    Ptr<int> Y, uint N, uint H, uint W, uint C, uint Ring, uint Padding, uint Flip) : IKernelArgs;

internal sealed partial class CudaKernels
{
    // A thread a pixel.
    public void ImageBatch(Tensor images, Tensor labels, Tensor order, Tensor counters, Tensor normalisation, bool ring, int padding, bool flip,
        Tensor x, Tensor y)
    {
        var (n, h, w, c) = Dimensions(x);
        Launch(new ImageBatch(new Ptr<byte>(images.Address), new Ptr<int>(labels.Address), new Ptr<int>(order.Address), new Ptr<long>(counters.Address),
            Reals(normalisation), Reals(x), new Ptr<int>(y.Address), n, h, w, c, ring ? (uint)images.Shape[0] : 0, (uint)padding, Flag(flip)), Blocks<ImageBatch>(Rows(x)));
    }
}
