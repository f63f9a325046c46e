using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void SignConvForward(Tensor x, Tensor wBits, Tensor? scale, in ConvGeometry g, Tensor y, Tensor? scratch)
    {
        RowPlan plan = RowPlan.Forward(g);
        float* packed = Reals(scratch!);
        PackSigns(plan, wBits, g, transposed: false, packed);
        RunRows<TSigns, IdentitySlope>(plan, Reals(x), packed, Factor(scale), default, Reals(y), Reals(y), GradMode.Write);
    }
}
