using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void SineWeights(Tensor w, Tensor knobs, Tensor y)
    {
        double frequency = Reals(knobs)[0];
        bool signs = Reals(knobs)[1] != 0;
        for (long i = 0; i < w.Shape.Count; i++)
        {
            double sine = Math.Sin(frequency * Reals(w)[i]);
            Reals(y)[i] = signs ? Sign(sine) : sine;
        }
    }

    public void SineWeightsBackward(Tensor dy, Tensor w, Tensor knobs, Tensor dw, GradMode mode)
    {
        double frequency = Reals(knobs)[0], pull = Reals(knobs)[2] * frequency / w.Shape.Count;
        for (long i = 0; i < w.Shape.Count; i++)
        {
            double x = frequency * Reals(w)[i];
            Put(Reals(dw), i, Reals(dy)[i] * frequency * Math.Cos(x) + pull * Math.Sin(2 * x), mode);
        }
    }
}
