using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void ConvForward(Tensor x, Tensor w, in ConvGeometry g, Tensor y, Tensor? scratch) => Correlate(Reals(x), Reals(w), 1, g, Reals(y));

    public void ConvInputGrad(Tensor dy, Tensor w, in ConvGeometry g, Tensor dx, GradMode mode, Tensor? scratch)
    {
        double[] sum = Transpose(Reals(dy), Reals(w), g);
        for (int i = 0; i < sum.Length; i++)
            Put(Reals(dx), i, sum[i], mode);
    }

    public void ConvWeightGrad(Tensor dy, Tensor x, in ConvGeometry g, Tensor dw, GradMode mode, Tensor? scratch)
    {
        double[] sum = Outer(Reals(dy), Reals(x), g);
        for (int i = 0; i < sum.Length; i++)
            Put(Reals(dw), i, sum[i], mode);
    }

    /// <summary>y = factor * (x convolved with w).</summary>
    private static void Correlate(double* x, double* w, double factor, in ConvGeometry g, double* y)
    {
        int inputs = g.I, outputs = g.O, filter = g.K * g.K * g.I;
        long count = g.Output.Count;
        new Span<double>(y, (int)count).Clear();
        ForEachTap(g, (xAt, yAt, tap) =>
        {
            for (int o = 0; o < outputs; o++)
                for (int i = 0; i < inputs; i++)
                    y[yAt + o] += x[xAt + i] * w[(long)o * filter + tap + i];
        });
        for (long i = 0; i < count; i++)
            y[i] *= factor;
    }

    /// <summary>dy convolved with w, transposed: what each input contributed to, weighted by the gradient there.</summary>
    private static double[] Transpose(double* dy, double* w, in ConvGeometry g)
    {
        int inputs = g.I, outputs = g.O, filter = g.K * g.K * g.I;
        var dx = new double[g.Input.Count];
        ForEachTap(g, (xAt, yAt, tap) =>
        {
            for (int o = 0; o < outputs; o++)
                for (int i = 0; i < inputs; i++)
                    dx[xAt + i] += dy[yAt + o] * w[(long)o * filter + tap + i];
        });
        return dx;
    }

    /// <summary>For every weight, the sum of gradient times input over its products.</summary>
    private static double[] Outer(double* dy, double* x, in ConvGeometry g)
    {
        int inputs = g.I, outputs = g.O, filter = g.K * g.K * g.I;
        var dw = new double[g.Weight.Count];
        ForEachTap(g, (xAt, yAt, tap) =>
        {
            for (int o = 0; o < outputs; o++)
                for (int i = 0; i < inputs; i++)
                    dw[(long)o * filter + tap + i] += dy[yAt + o] * x[xAt + i];
        });
        return dw;
    }
}
