using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad> : IBinaryUnitEvaluation
{
    // Parts to cut a batch of few images into.
    private const int EvaluationParts = 32;

    public bool EvaluatesUnits { get; set; } = true;

    public long FoldedBytes(in ConvGeometry g) => new FoldedUnit(g, null).Bytes;

    public long UnitEvaluationBytes(in ConvGeometry g) => sizeof(uint) * threads.Count * new XnorWindow(g).MemoryWords;

    public void FoldUnit(EvaluatedUnit u)
    {
        ConvGeometry g = u.Geometry;
        var folded = new FoldedUnit(g, u.Folded.As<byte>());
        folded.WritePlaces();
        var job = new FoldUnitJob<TSimd>
        {
            Geometry = g,
            Unit = folded,
            Signs = u.WSigns.As<uint>(),
            Scale = RealsOrNull(u.Scale),
            ScaleIsOfChannel = u.Scale is { Shape.Count: > 1 },
            Constants = RunningConstants(u.Gamma, u.Beta, u.RunningMean, u.RunningVariance, new(0, u.Epsilon, true)),
            Expression = new UnitExpression(folded, u.Rectify),
            FindsBounds = u.Y == null && u.Shortcut == null,
        };
        threads.Run(ref job, Bits.Words(g.O));
    }

    public void EvaluateUnit(EvaluatedUnit u)
    {
        ConvGeometry g = u.Geometry;
        var folded = new FoldedUnit(g, u.Folded.As<byte>());
        var job = new EvaluateUnitJob<TSimd, TBits>
        {
            Geometry = g,
            Unit = folded,
            Expression = new UnitExpression(folded, u.Rectify),
            Splits = Math.Clamp(EvaluationParts / g.N, 1, g.OH),
            X = u.XSigns.As<uint>(),
            Shortcut = RealsOrNull(u.Shortcut),
            Y = RealsOrNull(u.Y),
            Signs = u.YSigns == null ? null : u.YSigns.As<uint>(),
            Memory = u.Scratch!.As<uint>(),
        };
        threads.Run(ref job, g.N * job.Splits);
    }

    public void MaxPoolSigns(Tensor x, in PoolWindow window, Tensor y)
    {
        var job = new MaxPoolSignsJob { X = x.Shape, Y = y.Shape, Window = window, From = x.As<uint>(), To = y.As<uint>() };
        threads.Run(ref job, y.Shape[0] * y.Shape[1]);
    }
}
