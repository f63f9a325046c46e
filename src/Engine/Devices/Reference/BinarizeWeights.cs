using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;
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

    public void BinarizeWeights(Tensor w, Tensor bits, Tensor scale)
    {
        SignPack(w, bits);
        double sum = 0;
        for (long i = 0; i < w.Shape.Count; i++)
            sum += Math.Abs(Reals(w)[i]);
        *Reals(scale) = sum / w.Shape.Count;
    }

    public void BinarizeWeightsBackward(Tensor w, Tensor dwHat, Tensor scale, SlopeKind slope, Tensor knobs, Tensor dw, GradMode mode)
    {
        double* ws = Reals(w), hats = Reals(dwHat);
        double total = 0;
        for (long i = 0; i < w.Shape.Count; i++)
            total += hats[i] * Sign(ws[i]);
        Func<double, double> h = Slope(slope, knobs, Knobs.WeightSlopeSlot);
        for (long i = 0; i < w.Shape.Count; i++)
            Put(Reals(dw), i, *Reals(scale) * hats[i] * h(ws[i]) + Sign(ws[i]) * total / w.Shape.Count, mode);
    }

    private static int Sign(double value) => Bits.IsNegative(value) ? -1 : 1;
}
