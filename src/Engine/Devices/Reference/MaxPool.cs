using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void MaxPool(Tensor x, in PoolWindow window, Tensor taps, Tensor y)
    {
        for (long i = 0; i < y.Shape.Count; i++)
        {
            var (n, p, q, c) = Place(y.Shape, i);
            double largest = double.NegativeInfinity;
            int tap = -1;
            for (int t = 0; t < window.Size * window.Size; t++)
            {
                int row = p * window.Stride + t / window.Size - window.Padding;
                int column = q * window.Stride + t % window.Size - window.Padding;
                if ((uint)row >= (uint)x.Shape[1] || (uint)column >= (uint)x.Shape[2])
                    continue;
                double value = Reals(x)[((n * x.Shape[1] + row) * x.Shape[2] + column) * x.Shape[3] + c];
                if (tap < 0 || value > largest || double.IsNaN(value))
                    (largest, tap) = (value, t);
            }

            Reals(y)[i] = largest;
            taps.As<byte>()[i] = (byte)tap;
        }
    }

    public void MaxPoolBackward(Tensor dy, Tensor taps, in PoolWindow window, Tensor dx, GradMode mode)
    {
        var sums = new double[dx.Shape.Count];
        for (long i = 0; i < dy.Shape.Count; i++)
        {
            var (n, p, q, c) = Place(dy.Shape, i);
            int tap = taps.As<byte>()[i];
            int row = p * window.Stride + tap / window.Size - window.Padding;
            int column = q * window.Stride + tap % window.Size - window.Padding;
            sums[((n * dx.Shape[1] + row) * dx.Shape[2] + column) * dx.Shape[3] + c] += Reals(dy)[i];
        }
        for (long i = 0; i < dx.Shape.Count; i++)
            Put(Reals(dx), i, sums[i], mode);
    }

    private static (long N, int H, int W, int C) Place(Shape shape, long index)
    {
        long pixel = index / shape[3];
        return (pixel / shape[2] / shape[1], (int)(pixel / shape[2] % shape[1]), (int)(pixel % shape[2]), (int)(index % shape[3]));
    }
}
