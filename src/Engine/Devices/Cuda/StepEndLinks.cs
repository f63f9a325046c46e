using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>average_pool_statistics</c>.</summary>
internal readonly record struct AveragePoolStatistics(Ptr<float> X, Ptr<float> Y, Ptr<double> Partial, Ptr<uint> Tickets, Ptr<float> Mean,
    Ptr<float> InvStd, Ptr<float> RunningMean, Ptr<float> RunningVariance, uint N, uint Pixels, uint C, uint SliceRows, uint Rectify,
    double Momentum, float Epsilon) : IKernelArgs;

/// <summary>Arguments of <c>pool_gradient_sums</c>.</summary>
internal readonly record struct PoolGradientSums(Ptr<float> Dy, Ptr<short> Counts, Ptr<float> Scale, Ptr<float> Mean, Ptr<float> InvStd,
    Ptr<float> Dx, Ptr<double> Partial, Ptr<uint> Tickets, Ptr<float> Dgamma, Ptr<float> Dbeta, uint N, uint Pixels, uint Channels)
    : IKernelArgs;

/// <summary>Arguments of <c>pool_gradient_sums_of_norm</c>.</summary>
internal readonly record struct PoolGradientSumsOfNorm(Ptr<float> Dy, Ptr<float> X, Ptr<float> Gamma, Ptr<float> NormMean,
    Ptr<float> NormInvStd, Ptr<float> NormDgamma, Ptr<float> NormDbeta, Ptr<short> Counts, Ptr<float> Scale, Ptr<float> Mean,
    Ptr<float> InvStd, Ptr<float> Dx, Ptr<double> Partial, Ptr<uint> Tickets, Ptr<float> Dgamma, Ptr<float> Dbeta, uint N, uint Pixels,
    uint Channels, uint Rectify) : IKernelArgs;

/// <summary>Arguments of <c>linear_gradients</c>.</summary>
internal readonly record struct LinearGradients(Ptr<float> Dy, Ptr<float> X, Ptr<float> W, Ptr<float> NormX, Ptr<float> Mean,
    Ptr<float> InvStd, Ptr<float> Dw, Ptr<float> Db, Ptr<float> Dx, Ptr<double> Partial, Ptr<uint> Tickets, Ptr<float> Dgamma,
    Ptr<float> Dbeta, uint N, uint I, uint O, uint SliceRows, uint Mode, uint Rectify) : IKernelArgs;

/// <summary>Arguments of <c>linear_loss</c>.</summary>
internal readonly record struct LinearLoss(Ptr<float> Z, Ptr<float> Gamma, Ptr<float> Beta, Ptr<float> Mean, Ptr<float> Deviation,
    Ptr<float> X, Ptr<float> W, Ptr<float> B, Ptr<int> Labels, Ptr<float> Logits, Ptr<float> Dlogits, Ptr<double> Partial, Ptr<uint> Ticket,
    Ptr<double> Loss, Ptr<double> Metrics, Ptr<long> Counters, uint N, uint I, uint O, uint Rectify, uint Evaluate, uint Images,
    float Epsilon) : IKernelArgs;

/// <summary>Several of the small operations between the last convolution and the loss at once.</summary>
internal sealed partial class CudaKernels : IStepEndLinks
{
    // Rows of blocks that a grid may have.
    private const uint MostGridRows = ushort.MaxValue;

    // Of pooled images, a row a thread: their pixels are the work.
    private const int SmallestPoolSliceRows = 16;

    public bool LinksStepEnd => !forms.Plain;

    // Partial sums lie where those of layers do.
    private const int MostPartialSums = SignLayersArgument.Most * (int)CudaCommonMemory.MostLayerBlocks;

    private static int MostPoolSlices(int channels) => MostPartialSums / (2 * channels);

    public bool GivesPoolStatistics(Shape y) => LinksStepEnd && MostPoolSlices(y.Last) > 0;

    public void AveragePool(Tensor x, Tensor y, in NormStatistics s)
    {
        var (n, h, w, c) = Dimensions(x);
        FixedSlices slices = FixedSlices.Of(n, SmallestPoolSliceRows, MostPoolSlices((int)c));
        Launch(new AveragePoolStatistics(Reals(x), Reals(y), common.LayerPartial, TicketsOf(c), Reals(s.Mean), Reals(s.InvStd),
            Reals(s.RunningMean), Reals(s.RunningVariance), n, h * w, c, slices.Rows, Flag(s.Rectify), s.Settings.Momentum,
            (float)s.Settings.Epsilon), SumsGrid<AveragePoolStatistics>(slices, c));
    }

    public void AveragePoolBackward(Tensor dy, BinaryUnitArguments u)
    {
        var (n, h, w, c) = Dimensions(u.Y);
        Launch(new PoolGradientSums(Reals(dy), new(u.Conv.Address), Reals(u.Scale), Reals(u.Mean), Reals(u.InvStd), Reals(u.Dy!),
            Doubles(u.BackwardScratch!), common.Tickets, Reals(u.DGamma!), Reals(u.DBeta!), n, h * w, c), new Grid(PoolBlocks(n, c)));
    }

    public void AveragePoolBackward(in NormGradient dy, BinaryUnitArguments u)
    {
        var (n, h, w, c) = Dimensions(u.Y);
        Launch(new PoolGradientSumsOfNorm(Reals(dy.Dy), Reals(dy.X), RealsOrNull(dy.Gamma), Reals(dy.Mean), Reals(dy.InvStd),
            Reals(dy.DGamma), Reals(dy.DBeta), new(u.Conv.Address), Reals(u.Scale), Reals(u.Mean), Reals(u.InvStd), Reals(u.Dy!),
            Doubles(u.BackwardScratch!), common.Tickets, Reals(u.DGamma!), Reals(u.DBeta!), n, h * w, c, Flag(dy.Rectify)),
            new Grid(PoolBlocks(n, c)));
    }

    // An image a block, and no more partial sums than the unit's own kernel has.
    private static uint PoolBlocks(uint images, uint channels) => Math.Min(images, SumBlocks(channels));

    public bool TakesLinearGradients(Shape x, Shape w) => LinksStepEnd && LinearGrid(x, w).Y <= MostGridRows;

    public void LinearGradients(Tensor dy, Tensor x, Tensor w, Tensor dw, Tensor db, Tensor dx, GradMode mode, in NormSums? norm)
    {
        uint inputs = Channels(w);
        var args = new LinearGradients(Reals(dy), Reals(x), Reals(w), default, default, default, Reals(dw), Reals(db), Reals(dx), default,
            default, default, default, Rows(dy), inputs, Rows(w), RowSlices(x.Shape).Rows, (uint)mode, 0);
        if (norm is { } n)
        {
            args = args with
            {
                NormX = Reals(n.X),
                Mean = Reals(n.Mean),
                InvStd = Reals(n.InvStd),
                Partial = Doubles(n.Scratch),
                Tickets = TicketsOf(inputs),
                Dgamma = Reals(n.DGamma),
                Dbeta = Reals(n.DBeta),
                Rectify = Flag(n.Rectify),
            };
        }
        Launch(args, LinearGrid(x.Shape, w.Shape));
    }

    // Rows of blocks for 16 channels of dx each, a slice of the rows a block; then as many as dw and db want, one column more than w has.
    private Grid LinearGrid(Shape x, Shape w)
    {
        Grid sums = SumsGrid<LinearGradients>(RowSlices(x), (uint)w.Last);
        uint others = Blocks(w.Count + w.Rows, Constant<LinearGradients>("linear_gradient_values"));
        return sums with { Y = sums.Y + Blocks(others, sums.X) };
    }

    public void Loss(Tensor logits, in LossOperands o) =>
        Launch(LossOf(logits, o.Labels, o.DLogits, o.Loss, o.Metrics) with
        {
            Counters = new(o.Counters?.Address ?? 0),
            Images = (uint)o.Images,
        }, OneBlock);

    // Three sums a block.
    public bool TakesLinearLoss(Shape x, Shape w) => LinksStepEnd && w.Last <= Constant<LinearLoss>("linear_loss_inputs")
        && w.Rows <= Constant<LinearLoss>("linear_loss_classes") && 3 * LinearLossBlocks(x.Rows) <= MostPartialSums;

    public void LinearLoss(in LinearOperands linear, in LossOperands o)
    {
        uint rows = Rows(linear.X), inputs = Channels(linear.X), classes = Channels(linear.Y);
        var args = new LinearLoss(default, default, default, default, default, Reals(linear.X), Reals(linear.W), Reals(linear.B),
            new(o.Labels.Address), Reals(linear.Y), RealsOrNull(o.DLogits), common.LayerPartial, common.Ticket, Doubles(o.Loss),
            Doubles(o.Metrics), new(o.Counters?.Address ?? 0), rows, inputs, classes, 0, 0, (uint)o.Images, 0);
        if (linear.Norm is { } n)
        {
            args = args with
            {
                Z = Reals(n.X),
                Gamma = RealsOrNull(n.Gamma),
                Beta = RealsOrNull(n.Beta),
                Mean = Reals(n.Mean),
                Deviation = Reals(n.Deviation),
                Rectify = Flag(n.Rectify),
                Evaluate = Flag(n.EvaluationEpsilon != null),
                Epsilon = (float)(n.EvaluationEpsilon ?? 0),
            };
        }
        Launch(args, new Grid(LinearLossBlocks(rows)));
    }

    private uint LinearLossBlocks(long rows) => Blocks(rows, Constant<LinearLoss>("linear_loss_rows"));
}
