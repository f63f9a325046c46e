using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void BinarizeWeights(Tensor w, Tensor bits, Tensor? scale)
    {
        SignPack(w, bits);
        if (scale != null)
            MeanMagnitude(w, scale);
    }

    public void MeanMagnitude(Tensor w, Tensor scale)
    {
        long shared = w.Shape.Count / scale.Shape.Count;
        for (int group = 0; group < scale.Shape.Count; group++)
        {
            double sum = 0;
            for (long i = group * shared; i < (group + 1) * shared; i++)
                sum += Math.Abs(Reals(w)[i]);
            Reals(scale)[group] = sum / shared;
        }
    }

    public void PowerOfTwo(Tensor scale)
    {
        for (long i = 0; i < scale.Shape.Count; i++)
            Reals(scale)[i] = Math.Pow(2, Math.Round(Math.Log2(Reals(scale)[i])));
    }

    public void BinarizeWeightsBackward(Tensor w, Tensor dwHat, Tensor? scale, bool attached, SlopeKind slope, Tensor slopeParameters,
        Tensor dw, GradMode mode, Tensor? drawn = null)
    {
        double* ws = Reals(w), hats = Reals(dwHat);
        Func<double, double> h = Slope(slope, slopeParameters);
        long groups = scale?.Shape.Count ?? 1, shared = w.Shape.Count / groups;
        for (int group = 0; group < groups; group++)
        {
            double total = 0, factor = scale == null ? 1 : Reals(scale)[group];
            for (long i = group * shared; scale != null && attached && i < (group + 1) * shared; i++)
                total += hats[i] * (drawn == null ? Sign(ws[i]) : SignAt(drawn, i, w.Shape.Last));
            for (long i = group * shared; i < (group + 1) * shared; i++)
                Put(Reals(dw), i, factor * hats[i] * h(ws[i]) + Sign(ws[i]) * total / shared, mode);
        }
    }

    /// <summary>The packed sign of the element at a place in [.., channels].</summary>
    private static int SignAt(Tensor bits, long place, int channels) =>
        Bits.Sign(bits.As<uint>() + place / channels * Bits.Words(channels), (int)(place % channels));
}
