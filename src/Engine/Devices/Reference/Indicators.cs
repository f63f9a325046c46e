using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void EstimatingError(Tensor w, Tensor exponent, Tensor result, int slot)
    {
        double power = 1 / *Reals(exponent), squares = 0;
        for (long i = 0; i < w.Shape.Count; i++)
        {
            double a = Math.Abs(Reals(w)[i]);
            squares += a == 0 ? 0 : Math.Pow(Math.Pow(a, power) - 1, 2);
        }

        result.As<double>()[slot] = Math.Sqrt(squares);
    }

    public void GradientVariance(Tensor dw, Tensor result, int slot)
    {
        long count = dw.Shape.Count;
        double sum = 0, squares = 0;
        for (long i = 0; i < count; i++)
            sum += Math.Abs(Reals(dw)[i]);
        for (long i = 0; i < count; i++)
            squares += Math.Pow(Math.Abs(Reals(dw)[i]) - sum / count, 2);
        result.As<double>()[slot] = squares / (count - 1);
    }
}
