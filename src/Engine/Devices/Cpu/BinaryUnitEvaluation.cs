using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad> : IBinaryUnitEvaluation
{
    // Parts to cut a batch of few images into.
    private const int EvaluationParts = 32;

    public bool EvaluatesUnits { get; set; } = true;

    public long FoldedBytes(in ConvGeometry g) => new FoldedUnit<TBits>(g, null).Bytes;

    public long UnitEvaluationBytes(in ConvGeometry g) => sizeof(uint) * threads.Count * new CountPlan(g).WorkerWords;

    public void FoldUnit(EvaluatedUnit u)
    {
        ConvGeometry g = u.Geometry;
        var folded = new FoldedUnit<TBits>(g, u.Folded.As<byte>());
        CountWeights<TBits> weights = folded.Counted(u.WSigns.As<uint>());
        threads.Run(ref weights, weights.Blocks);
        var job = new FoldUnitJob<TSimd, TBits>
        {
            Geometry = g,
            Unit = folded,
            Scale = RealsOrNull(u.Scale),
            ScaleIsOfChannel = u.Scale is { Shape.Count: > 1 },
            Constants = RunningConstants(u.Gamma, u.Beta, u.RunningMean, u.RunningVariance, new(0, u.Epsilon, true)),
            Expression = folded.Expression(u.Rectify),
            FindsBounds = u.Y == null && u.Shortcut == null,
        };
        threads.Run(ref job, Bits.Words(g.O));
    }

    public void EvaluateUnit(EvaluatedUnit u)
    {
        var folded = new FoldedUnit<TBits>(u.Geometry, u.Folded.As<byte>());
        uint* signs = u.YSigns == null ? null : u.YSigns.As<uint>();
        if (folded.AllHold)
            Evaluate(u, folded, new UnitSigns<TBits> { Unit = folded, Signs = signs });
        else
            Evaluate(u, folded, new UnitReals<TSimd, TBits>
            {
                Unit = folded,
                Expression = folded.Expression(u.Rectify),
                Shortcut = RealsOrNull(u.Shortcut),
                Y = RealsOrNull(u.Y),
                Signs = signs,
            });
    }

    private void Evaluate<TSink>(EvaluatedUnit u, FoldedUnit<TBits> folded, TSink sink) where TSink : unmanaged, ICountSink<TSink, TBits>
    {
        ConvGeometry g = u.Geometry;
        var job = new EvaluateUnitJob<TBits, TSink>
        {
            Counts = new CountImage<TBits, TSink>
            {
                Weights = folded.Counted(signs: null),
                X = u.XSigns.As<uint>(),
                Memory = u.Scratch!.As<uint>(),
                Sink = sink,
            },
            Splits = Math.Clamp(EvaluationParts / g.N, 1, g.OH),
        };
        threads.Run(ref job, g.N * job.Splits);
    }

    public void MaxPoolSigns(Tensor x, in PoolWindow window, Tensor y)
    {
        var job = new MaxPoolSignsJob { X = x.Shape, Y = y.Shape, Window = window, From = x.As<uint>(), To = y.As<uint>() };
        threads.Run(ref job, y.Shape[0] * y.Shape[1]);
    }
}
