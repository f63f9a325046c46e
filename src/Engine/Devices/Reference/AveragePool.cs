using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void AveragePool(Tensor x, Tensor y)
    {
        int pixels = x.Shape[1] * x.Shape[2], channels = x.Shape[3];
        for (int n = 0; n < x.Shape[0]; n++)
            for (int c = 0; c < channels; c++)
            {
                double sum = 0;
                for (int p = 0; p < pixels; p++)
                    sum += Reals(x)[((long)n * pixels + p) * channels + c];
                Reals(y)[n * channels + c] = sum / pixels;
            }
    }

    public void AveragePoolBackward(Tensor dy, Tensor dx, GradMode mode)
    {
        int pixels = dx.Shape[1] * dx.Shape[2], channels = dx.Shape[3];
        for (long i = 0; i < dx.Shape.Count; i++)
        {
            long n = i / ((long)pixels * channels), c = i % channels;
            Put(Reals(dx), i, Reals(dy)[n * channels + c] / pixels, mode);
        }
    }
}
