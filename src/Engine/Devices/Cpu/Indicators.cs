using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>The indicators, once an epoch: plain loops in double.</summary>
internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void EstimatingError(Tensor w, Tensor exponent, Tensor result, int slot)
    {
        double power = 1 / (double)*Reals(exponent), squares = 0;
        for (long i = 0; i < w.Shape.Count; i++)
        {
            double a = Math.Abs(Reals(w)[i]), distance = a == 0 ? 0 : Math.Pow(a, power) - 1;
            squares += distance * distance;
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
        {
            double distance = Math.Abs(Reals(dw)[i]) - sum / count;
            squares += distance * distance;
        }

        result.As<double>()[slot] = squares / (count - 1);
    }
}
