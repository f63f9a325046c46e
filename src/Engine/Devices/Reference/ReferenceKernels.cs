using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

/// <summary>The definitions, one file an operation. What every file shares stands here.</summary>
internal sealed unsafe partial class ReferenceKernels : IKernels
{
    public long ScratchBytes(ScratchUse use, in ConvGeometry g) => 0;

    public long ScratchBytes(ScratchUse use, Shape x) => 0;

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
        return SlopeTable.Function(kind, new SlopeParameters(k[0], k[1], k[2], k[3]));
    }

    /// <summary>Packed signs [.., words] as ±1 [.., channels].</summary>
    private static double[] Unpack(Tensor bits, int channels)
    {
        var signs = new double[bits.Shape.Rows * channels];
        for (int i = 0; i < signs.Length; i++)
            signs[i] = Bits.Sign(bits.As<uint>() + (long)(i / channels) * Bits.Words(channels), i % channels);
        return signs;
    }

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
                                visit((((long)n * g.H + r) * g.W + c) * g.I, (((long)n * g.OH + p) * g.OW + q) * g.O, ((long)a * g.K + b) * g.I);
                        }
    }
}
