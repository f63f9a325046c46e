using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void SignPack(Tensor x, Tensor bits)
    {
        int channels = x.Shape.Last, words = Bits.Words(channels);
        double* xs = Reals(x);
        uint* packed = bits.As<uint>();
        new Span<uint>(packed, (int)bits.Shape.Count).Clear();
        for (long row = 0; row < x.Shape.Rows; row++)
            for (int c = 0; c < channels; c++)
            {
                if (Bits.IsNegative(xs[row * channels + c]))
                    packed[row * words + c / Bits.PerWord] |= 1u << (c % Bits.PerWord);
            }
    }

    private static int Sign(double value) => Bits.IsNegative(value) ? -1 : 1;
}
