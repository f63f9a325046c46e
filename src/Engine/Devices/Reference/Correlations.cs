using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

/// <summary>The three sums of products that every convolution is made of, and the walk over its taps.</summary>
internal sealed unsafe partial class ReferenceKernels
{
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

    /// <summary>Packed signs [.., words] as ±1 [.., channels].</summary>
    private static double[] Unpack(Tensor bits, int channels)
    {
        var signs = new double[bits.Shape.Rows * channels];
        for (int i = 0; i < signs.Length; i++)
            signs[i] = Bits.Sign(bits.As<uint>() + (long)(i / channels) * Bits.Words(channels), i % channels);
        return signs;
    }

    /// <summary>What multiplies a sum: a layer's scale, or 1.</summary>
    private static double Factor(Tensor? scale) => scale == null ? 1 : *Reals(scale);

    /// <summary>
    /// Calls <paramref name="visit"/> for every pair of output pixel and tap that lies inside the image, with the flat indices of the first
    /// channel of x and y there and of tap (a, b) in the weights of output channel 0.
    /// </summary>
    private static void ForEachTap(in ConvGeometry g, Action<long, long, long> visit)
    {
        for (int n = 0; n < g.N; n++)
            for (int p = 0; p < g.OH; p++)
                for (int q = 0; q < g.OW; q++)
                    for (int a = 0; a < g.K; a++)
                        for (int b = 0; b < g.K; b++)
                        {
                            int r = p * g.Stride + a - g.Padding, c = q * g.Stride + b - g.Padding;
                            if (r >= 0 && r < g.H && c >= 0 && c < g.W)
                                visit((((long)n * g.H + r) * g.W + c) * g.I, (((long)n * g.OH + p) * g.OW + q) * g.O,
                                    ((long)a * g.K + b) * g.I);
                        }
    }
}
