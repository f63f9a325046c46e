using ReSTE.Native.Kernels;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void ConvForward(Tensor x, Tensor w, in ConvGeometry g, Tensor y, Tensor? scratch)
    {
        ConvGeometry s = g;
        double* xs = Reals(x), ws = Reals(w), ys = Reals(y);
        new Span<double>(ys, (int)y.Shape.Count).Clear();
        ForEachProduct(g, (n, p, q, a, b, r, c) =>
        {
            for (int o = 0; o < s.O; o++)
            for (int i = 0; i < s.I; i++)
                ys[OutputIndex(s, n, p, q, o)] += xs[InputIndex(s, n, r, c, i)] * ws[WeightIndex(s, o, a, b, i)];
        });
    }

    public void ConvInputGrad(Tensor dy, Tensor w, in ConvGeometry g, Tensor dx, GradMode mode, Tensor? scratch)
    {
        ConvGeometry s = g;
        double* dys = Reals(dy), ws = Reals(w), dxs = Reals(dx);
        var sum = new double[dx.Shape.Count];
        ForEachProduct(g, (n, p, q, a, b, r, c) =>
        {
            for (int o = 0; o < s.O; o++)
            for (int i = 0; i < s.I; i++)
                sum[InputIndex(s, n, r, c, i)] += dys[OutputIndex(s, n, p, q, o)] * ws[WeightIndex(s, o, a, b, i)];
        });
        for (int i = 0; i < sum.Length; i++)
            Put(dxs, i, sum[i], mode);
    }

    public void ConvWeightGrad(Tensor dy, Tensor x, in ConvGeometry g, Tensor dw, GradMode mode, Tensor? scratch)
    {
        ConvGeometry s = g;
        double* dys = Reals(dy), xs = Reals(x), dws = Reals(dw);
        var sum = new double[dw.Shape.Count];
        ForEachProduct(g, (n, p, q, a, b, r, c) =>
        {
            for (int o = 0; o < s.O; o++)
            for (int i = 0; i < s.I; i++)
                sum[WeightIndex(s, o, a, b, i)] += dys[OutputIndex(s, n, p, q, o)] * xs[InputIndex(s, n, r, c, i)];
        });
        for (int i = 0; i < sum.Length; i++)
            Put(dws, i, sum[i], mode);
    }
}
