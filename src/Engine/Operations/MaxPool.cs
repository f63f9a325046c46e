using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

/// <summary>A square window of a pooling: its rows and columns, pixels from one to the next, and those it reaches over the edge.</summary>
internal readonly record struct PoolWindow(int Size, int Stride, int Padding)
{
    /// <summary>A place in a window is kept as a byte.</summary>
    private const int LargestSize = 16;

    /// <summary>Shape of what comes of x [N,H,W,C]: [N,OH,OW,C] with OH = floor((H + 2 padding - size) / stride) + 1. Checked.</summary>
    public Shape Output(string op, Shape x)
    {
        if (x.Rank != 4)
            throw new ArgumentException($"{op}: expected [N,H,W,C], got {x}");
        if (Size is < 1 or > LargestSize || Stride < 1 || Padding < 0 || 2 * Padding > Size)
        {
            throw new ArgumentException(
                $"{op}: no window of size {Size}, stride {Stride}, padding {Padding}: " +
                $"a size of 1 to {LargestSize}, at most half of it padding");
        }
        if (x[1] + 2 * Padding < Size || x[2] + 2 * Padding < Size)
            throw new ArgumentException($"{op}: a window of {Size} is larger than the padded input {x}");
        return new Shape(x[0], Along(x[1]), Along(x[2]), x[3]);
    }

    /// <summary>The windows along an axis of some length.</summary>
    private int Along(int length) => (length + 2 * Padding - Size) / Stride + 1;
}

internal partial interface IKernels
{
    /// <summary>
    /// y[n,p,q,c] = max of x[n, p stride + i - padding, q stride + j - padding, c] over i, j below the window's size; what lies outside the
    /// image counts as -inf. taps [N,OH,OW,C] bytes: i size + j of the maximum, of equal ones the first. As in PyTorch a NaN is larger than
    /// any number, and the last of several is kept.
    /// </summary>
    void MaxPool(Tensor x, in PoolWindow window, Tensor taps, Tensor y);

    /// <summary>dx[n,r,s,c] = sum of dy over the windows whose tap is that pixel, rows first; 0 where there is none.</summary>
    void MaxPoolBackward(Tensor dy, Tensor taps, in PoolWindow window, Tensor dx, GradMode mode);
}
