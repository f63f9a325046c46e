using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd>
{
    public void ConvForward(Tensor x, Tensor w, in ConvGeometry g, Tensor y, Tensor? scratch)
    {
        RowPlan plan = RowPlan.Forward(g);
        RunRealRows(plan, Reals(x), Reals(w), g, transposed: false, Reals(y), GradMode.Write, scratch!);
    }

    public void ConvInputGrad(Tensor dy, Tensor w, in ConvGeometry g, Tensor dx, GradMode mode, Tensor? scratch)
    {
        RowPlan plan = RowPlan.Transposed(g);
        RunRealRows(plan, Reals(dy), Reals(w), g, transposed: true, Reals(dx), mode, scratch!);
    }

    public void ConvWeightGrad(Tensor dy, Tensor x, in ConvGeometry g, Tensor dw, GradMode mode, Tensor? scratch) =>
        RunRealWeightGrad(Reals(dy), Reals(x), g, Reals(dw), mode, Reals(scratch!));

    private void RunRealRows(in RowPlan plan, float* source, float* w, in ConvGeometry g, bool transposed, float* target, GradMode mode, Tensor scratch)
    {
        float* packed = Reals(scratch);
        PackReal(plan, w, g, transposed, packed);
        RunRows<TSimd, RealProduct<TSimd>, IdentitySlope>(plan, source, packed, 1, default, target, target, mode);
    }

    /// <summary>w [O,K,K,I] to [kernel rows, taps in the plan's order, source channels, padded result channels].</summary>
    private static void PackReal(in RowPlan plan, float* w, in ConvGeometry g, bool transposed, float* packed)
    {
        int padded = ConvRowsJob<TSimd, RealProduct<TSimd>, IdentitySlope>.PaddedChannels(plan);
        long filter = (long)g.K * g.K * g.I;
        for (int a = 0; a < g.K; a++)
            for (int phase = 0; phase < plan.Phases; phase++)
                for (int t = 0; t < plan.Taps(phase); t++)
                    for (int s = 0; s < plan.SourceChannels; s++, packed += padded)
                    {
                        float* tap = w + ((long)a * g.K + plan.Tap(phase, t)) * g.I;
                        for (int c = 0; c < plan.Channels; c++)
                            packed[c] = transposed ? tap[s * filter + c] : tap[c * filter + s];
                        for (int c = plan.Channels; c < padded; c++)
                            packed[c] = 0;
                    }
    }
}
