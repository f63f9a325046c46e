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
        Shape y = dy.Shape;
        for (long i = 0; i < dx.Shape.Count; i++)
        {
            var (n, row, column, c) = Place(dx.Shape, i);
            double sum = 0;
            for (int p = 0; p < y[1]; p++)
                for (int q = 0; q < y[2]; q++)
                {
                    int r = row + window.Padding - p * window.Stride, s = column + window.Padding - q * window.Stride;
                    long at = ((n * y[1] + p) * y[2] + q) * y[3] + c;
                    if ((uint)r < (uint)window.Size && (uint)s < (uint)window.Size && taps.As<byte>()[at] == r * window.Size + s)
                        sum += Reals(dy)[at];
                }
            Put(Reals(dx), i, sum, mode);
        }
    }

    private static (long N, int H, int W, int C) Place(Shape shape, long index)
    {
        long pixel = index / shape[3];
        return (pixel / shape[2] / shape[1], (int)(pixel / shape[2] % shape[1]), (int)(pixel % shape[2]), (int)(index % shape[3]));
    }
}
