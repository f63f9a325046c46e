using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void ConvForward(Tensor x, Tensor w, in ConvGeometry g, Tensor y, Tensor? scratch) =>
        RunRealConv(RowPlan.Forward(g), Reals(x), Reals(w), g, transposed: false, Reals(y), GradMode.Write, Reals(scratch!));

    public void ConvInputGrad(Tensor dy, Tensor w, in ConvGeometry g, Tensor dx, GradMode mode, Tensor? scratch) =>
        RunRealConv(RowPlan.Transposed(g), Reals(dy), Reals(w), g, transposed: true, Reals(dx), mode, Reals(scratch!));

    public void ConvWeightGrad(Tensor dy, Tensor x, in ConvGeometry g, Tensor dw, GradMode mode, Tensor? scratch) =>
        RunRealWeightGrad(Reals(x), Reals(dy), g, Reals(dw), mode, Reals(scratch!));

    private static long RealConvBytes(in RowPlan plan, int workers) =>
        sizeof(float) * (Floats.Align(Panel<TSimd>.Size(plan, RealPanels<TSimd>.Singles(plan)))
            + workers * RealConvJob<TSimd>.WorkerFloats(plan, RealConvJob<TSimd>.Together(plan, workers)));

    private void RunRealWeightGrad(float* x, float* dy, in ConvGeometry g, float* dw, GradMode mode, float* memory)
    {
        var job = new RealWeightGradJob<TSimd> { Job = GradJob<RealWeightGrad<TSimd>>(x, dy, g, memory) };
        threads.Run(ref job, job.Job.Slices.Count);
        SumSlices(job.Job, dw, mode);
    }

    private void RunRealConv(in RowPlan plan, float* source, float* w, in ConvGeometry g, bool transposed, float* target, GradMode mode,
        float* memory)
    {
        var panels = new RealPanels<TSimd> { Plan = plan, Geometry = g, Transposed = transposed, Weights = w, Packed = memory };
        threads.Run(ref panels, RealPanels<TSimd>.Parts(plan));
        int group = RealConvJob<TSimd>.Together(plan, threads.Count);
        var job = new RealConvJob<TSimd>
        {
            Plan = plan,
            Group = group,
            Source = source,
            Packed = memory,
            Scratch = memory + Floats.Align(Panel<TSimd>.Size(plan, RealPanels<TSimd>.Singles(plan))),
            Target = target,
            Mode = mode,
        };
        threads.Run(ref job, (plan.Images + group - 1) / group);
    }
}
