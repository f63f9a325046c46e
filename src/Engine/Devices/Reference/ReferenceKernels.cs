using ReSTE.Native.Estimators;
using ReSTE.Native.Kernels;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

/// <summary>The definitions, one file an operation. What every file shares stands here.</summary>
internal sealed unsafe partial class ReferenceKernels : IKernels
{
    public long ScratchBytes(ScratchUse use, in ConvGeometry g) => 0;

    private static double* Reals(Tensor tensor) => tensor.As<double>();

    /// <summary>Stores or adds one element of a gradient.</summary>
    private static void Put(double* target, long index, double value, GradMode mode)
    {
        if (mode == GradMode.Write)
            target[index] = value;
        else if (mode == GradMode.Add)
            target[index] += value;
    }

    /// <summary>The slope read from a slot of the knobs, as a function.</summary>
    private static Func<double, double> Slope(SlopeKind kind, Tensor knobs, int slot)
    {
        double* k = Reals(knobs) + slot;
        var p = new SlopeParameters(k[0], k[1], k[2], k[3]);
        return kind switch
        {
            SlopeKind.Identity => IdentitySlope.Create(p).Evaluate,
            SlopeKind.Clipped => ClippedSlope.Create(p).Evaluate,
            SlopeKind.Reste => ResteSlope.Create(p).Evaluate,
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    /// <summary>Sign of channel i of weight tap (o, a, b), as ±1.</summary>
    private static int WeightSign(Tensor bits, in ConvGeometry g, int o, int a, int b, int i) =>
        Bits.Sign(bits.As<uint>() + (((long)o * g.K + a) * g.K + b) * Bits.Words(g.I), i);

    /// <summary>Sign of channel i of pixel (n, r, c), as ±1.</summary>
    private static int PixelSign(Tensor bits, in ConvGeometry g, int n, int r, int c, int i) =>
        Bits.Sign(bits.As<uint>() + (((long)n * g.H + r) * g.W + c) * Bits.Words(g.I), i);

    private static long InputIndex(in ConvGeometry g, int n, int r, int c, int i) => (((long)n * g.H + r) * g.W + c) * g.I + i;

    private static long OutputIndex(in ConvGeometry g, int n, int p, int q, int o) => (((long)n * g.OH + p) * g.OW + q) * g.O + o;

    private static long WeightIndex(in ConvGeometry g, int o, int a, int b, int i) => (((long)o * g.K + a) * g.K + b) * g.I + i;

    /// <summary>Calls <paramref name="visit"/> for every product of a convolution whose tap lies inside the image.</summary>
    private static void ForEachProduct(in ConvGeometry g, Product visit)
    {
        for (int n = 0; n < g.N; n++)
        for (int p = 0; p < g.OH; p++)
        for (int q = 0; q < g.OW; q++)
        for (int a = 0; a < g.K; a++)
        for (int b = 0; b < g.K; b++)
        {
            int r = p * g.Stride + a - g.Padding, c = q * g.Stride + b - g.Padding;
            if (r >= 0 && r < g.H && c >= 0 && c < g.W)
                visit(n, p, q, a, b, r, c);
        }
    }

    /// <summary>Image n, output pixel (p, q), tap (a, b), input pixel (r, c).</summary>
    private delegate void Product(int n, int p, int q, int a, int b, int r, int c);
}
