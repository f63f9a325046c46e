using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd>
{
    public void SignConvForward(Tensor x, Tensor wBits, Tensor? scale, in ConvGeometry g, Tensor y, Tensor? scratch) =>
        RunSignRows(RowPlan.Forward(g), Reals(x), wBits.As<uint>(), g, transposed: false, Factor(scale), default(IdentitySlope), Reals(y), Reals(y),
            GradMode.Write, scratch!);
}
