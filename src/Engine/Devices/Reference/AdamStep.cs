using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void AdamCorrections(Tensor steps, Tensor knobs, Tensor corrections)
    {
        double t = Reals(steps)[0] += 1;
        Reals(corrections)[0] = Reals(knobs)[0] / (1 - Math.Pow(1 - Reals(knobs)[1], t));
        Reals(corrections)[1] = Math.Sqrt(1 - Math.Pow(1 - Reals(knobs)[2], t));
    }

    public void AdamStep(Tensor w, Tensor dw, Tensor mean, Tensor square, Tensor corrections, Tensor knobs)
    {
        double fresh1 = Reals(knobs)[1], fresh2 = Reals(knobs)[2], epsilon = Reals(knobs)[3], decay = Reals(knobs)[4];
        for (long i = 0; i < w.Shape.Count; i++)
        {
            double g = Reals(dw)[i] + decay * Reals(w)[i];
            double m = Reals(mean)[i] = (1 - fresh1) * Reals(mean)[i] + fresh1 * g;
            double v = Reals(square)[i] = (1 - fresh2) * Reals(square)[i] + fresh2 * g * g;
            double step = Reals(corrections)[0] * m / (Math.Sqrt(v) / Reals(corrections)[1] + epsilon);
            Reals(w)[i] = Reals(knobs)[5] * Reals(w)[i] - step;
        }
    }
}
