using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void ShortcutPad(Tensor x, Tensor y)
    {
        new Span<double>(Reals(y), (int)y.Shape.Count).Clear();
        ForEachKept(x.Shape, y.Shape, (from, to) => Reals(y)[to] = Reals(x)[from]);
    }

    public void ShortcutPadBackward(Tensor dy, Tensor dx, GradMode mode)
    {
        if (mode == GradMode.Write)
            new Span<double>(Reals(dx), (int)dx.Shape.Count).Clear();
        ForEachKept(dx.Shape, dy.Shape, (from, to) => Reals(dx)[from] += Reals(dy)[to]);
    }

    /// <summary>Calls back with the flat indices of every element that option A's shortcut keeps, in x and in y.</summary>
    private static void ForEachKept(Shape x, Shape y, Action<long, long> visit)
    {
        int offset = (y[3] - x[3]) / 2;
        for (int n = 0; n < y[0]; n++)
            for (int p = 0; p < y[1]; p++)
                for (int q = 0; q < y[2]; q++)
                    for (int c = 0; c < x[3]; c++)
                        visit((((long)n * x[1] + 2 * p) * x[2] + 2 * q) * x[3] + c, (((long)n * y[1] + p) * y[2] + q) * y[3] + c + offset);
    }
}
