using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void AdaSteStep(Tensor theta, Tensor dw, Tensor momentum, Tensor steps, Tensor factor, Tensor knobs)
    {
        var numbers = new AdaSteNumbers(new ReadOnlySpan<double>(Reals(factor), AdaSteNumbers.Count));
        double rate = Reals(knobs)[0], mu = Reals(knobs)[1], fresh = Reals(knobs)[2], decay = Reals(knobs)[3], gain = Reals(knobs)[4];
        double correction = 1 - Math.Pow(mu, Reals(steps)[0]);
        for (long i = 0; i < theta.Shape.Count; i++)
        {
            double t = Reals(theta)[i], g = Reals(dw)[i];
            double m = mu * Reals(momentum)[i] + fresh * (gain * (numbers.Factor(t, g) * g) + decay * t);
            Reals(momentum)[i] = m;
            Reals(theta)[i] = t - rate * m / correction;
        }
    }
}
