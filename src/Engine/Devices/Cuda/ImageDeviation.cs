using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>image_deviation</c>.</summary>
internal readonly record struct ImageDeviation(Ptr<float> X, Ptr<float> Statistics, Ptr<float> Y, uint N, uint Size) : IKernelArgs;

/// <summary>Arguments of <c>image_deviation_backward</c>.</summary>
internal readonly record struct ImageDeviationBackward(Ptr<float> Dy, Ptr<float> X, Ptr<float> Statistics, Ptr<float> Dx, uint N,
    uint Size, uint Attached, uint Mode) : IKernelArgs;

internal sealed partial class CudaKernels
{
    // A block an image.
    public void ImageDeviation(Tensor x, Tensor statistics, Tensor y)
    {
        uint images = (uint)x.Shape[0];
        Launch(new ImageDeviation(Reals(x), Reals(statistics), Reals(y), images, Count(x) / images), new Grid(images));
    }

    public void ImageDeviationBackward(Tensor dy, Tensor x, Tensor statistics, bool attached, Tensor dx, GradMode mode)
    {
        uint images = (uint)x.Shape[0];
        Launch(new ImageDeviationBackward(Reals(dy), Reals(x), Reals(statistics), Reals(dx), images, Count(x) / images, Flag(attached),
            (uint)mode), new Grid(images));
    }
}
