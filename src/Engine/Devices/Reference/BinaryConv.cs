using ReSTE.Native.Kernels;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void BinaryConvForward(Tensor xBits, Tensor wBits, Tensor scale, in ConvGeometry g, Tensor y, Tensor? scratch)
    {
        ConvGeometry s = g;
        double* ys = Reals(y);
        double factor = *Reals(scale);
        var counts = new int[y.Shape.Count];
        ForEachProduct(g, (n, p, q, a, b, r, c) =>
        {
            for (int o = 0; o < s.O; o++)
            for (int i = 0; i < s.I; i++)
                counts[OutputIndex(s, n, p, q, o)] += PixelSign(xBits, s, n, r, c, i) * WeightSign(wBits, s, o, a, b, i);
        });
        for (int i = 0; i < counts.Length; i++)
            ys[i] = factor * counts[i];
    }

    public void SignConvForward(Tensor x, Tensor wBits, Tensor scale, in ConvGeometry g, Tensor y, Tensor? scratch)
    {
        ConvGeometry s = g;
        double* xs = Reals(x), ys = Reals(y);
        double factor = *Reals(scale);
        new Span<double>(ys, (int)y.Shape.Count).Clear();
        ForEachProduct(g, (n, p, q, a, b, r, c) =>
        {
            for (int o = 0; o < s.O; o++)
            for (int i = 0; i < s.I; i++)
                ys[OutputIndex(s, n, p, q, o)] += xs[InputIndex(s, n, r, c, i)] * WeightSign(wBits, s, o, a, b, i);
        });
        for (long i = 0; i < y.Shape.Count; i++)
            ys[i] *= factor;
    }

    public void BinaryConvInputGrad(Tensor dy, Tensor wBits, Tensor scale, Tensor x, SlopeKind slope, Tensor knobs, in ConvGeometry g,
        Tensor dx, GradMode mode, Tensor? scratch)
    {
        ConvGeometry s = g;
        double* dys = Reals(dy), xs = Reals(x), dxs = Reals(dx);
        var sum = new double[dx.Shape.Count];
        ForEachProduct(g, (n, p, q, a, b, r, c) =>
        {
            for (int o = 0; o < s.O; o++)
            for (int i = 0; i < s.I; i++)
                sum[InputIndex(s, n, r, c, i)] += dys[OutputIndex(s, n, p, q, o)] * WeightSign(wBits, s, o, a, b, i);
        });
        Func<double, double> h = Slope(slope, knobs, Knobs.ActivationSlopeSlot);
        for (int i = 0; i < sum.Length; i++)
            Put(dxs, i, h(xs[i]) * *Reals(scale) * sum[i], mode);
    }

    public void BinaryConvWeightGrad(Tensor dy, Tensor xBits, in ConvGeometry g, Tensor dw, Tensor? scratch)
    {
        ConvGeometry s = g;
        double* dys = Reals(dy), dws = Reals(dw);
        new Span<double>(dws, (int)dw.Shape.Count).Clear();
        ForEachProduct(g, (n, p, q, a, b, r, c) =>
        {
            for (int o = 0; o < s.O; o++)
            for (int i = 0; i < s.I; i++)
                dws[WeightIndex(s, o, a, b, i)] += dys[OutputIndex(s, n, p, q, o)] * PixelSign(xBits, s, n, r, c, i);
        });
    }
}
