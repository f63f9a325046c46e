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

    /// <summary>A slope with its parameters, as a function.</summary>
    private static Func<double, double> Slope(SlopeKind kind, Tensor parameters)
    {
        double* p = Reals(parameters);
        var read = new SlopeParameters(p[0], p[1], p[2], p[3]);
        return x => kind.Evaluate(x, read);
    }
}
