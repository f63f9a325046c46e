using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void ConvForward(Tensor x, Tensor w, in ConvGeometry g, Tensor y, Tensor? scratch) =>
        RunRealRows(RowPlan.Forward(g), Reals(x), Reals(w), g, transposed: false, Reals(y), GradMode.Write, Reals(scratch!));

    public void ConvInputGrad(Tensor dy, Tensor w, in ConvGeometry g, Tensor dx, GradMode mode, Tensor? scratch) =>
        RunRealRows(RowPlan.Transposed(g), Reals(dy), Reals(w), g, transposed: true, Reals(dx), mode, Reals(scratch!));

    public void ConvWeightGrad(Tensor dy, Tensor x, in ConvGeometry g, Tensor dw, GradMode mode, Tensor? scratch) =>
        RunWeightGrad<RealWeightGrad<TSimd>>(Reals(x), Reals(dy), g, Reals(dw), mode, Reals(scratch!));

    private void RunRealRows(in RowPlan plan, float* source, float* w, in ConvGeometry g, bool transposed, float* target, GradMode mode,
        float* packed)
    {
        RealProduct<TSimd>.Pack(plan, w, g, transposed, packed);
        RunRows<RealProduct<TSimd>, IdentitySlope>(plan, source, packed, 1, default, target, target, mode);
    }
}
