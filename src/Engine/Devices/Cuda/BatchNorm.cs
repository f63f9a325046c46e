using System.Numerics;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>batch_norm_statistics</c>.</summary>
internal readonly record struct BatchNormStatistics(Ptr<float> X, Ptr<double> Partial, Ptr<uint> Tickets, Ptr<float> Mean,
    Ptr<float> InvStd, Ptr<float> RunningMean, Ptr<float> RunningVariance, uint Rows, uint Channels, uint SliceRows, uint Rectify,
    double Momentum, float Epsilon) : IKernelArgs;

/// <summary>Arguments of <c>batch_norm_normalise</c>.</summary>
internal readonly record struct BatchNormNormalise(Ptr<float> X, Ptr<float> Gamma, Ptr<float> Beta, Ptr<float> Shortcut, Ptr<float> Mean,
    Ptr<float> InvStd, Ptr<float> Y, uint Rows, uint Channels, uint Rectify) : IKernelArgs;

/// <summary>Arguments of <c>batch_norm_apply</c>.</summary>
internal readonly record struct BatchNormApply(Ptr<float> X, Ptr<float> Gamma, Ptr<float> Beta, Ptr<float> Mean, Ptr<float> Deviation,
    Ptr<float> Y, Ptr<uint> YBits, NormShortcutArgument Shortcut, uint Rows, uint Channels, uint Rectify, uint Evaluate, float Epsilon)
    : IKernelArgs;

/// <summary>Arguments of <c>batch_norm_evaluate</c>.</summary>
internal readonly record struct BatchNormEvaluate(Ptr<float> X, Ptr<float> Gamma, Ptr<float> Beta, Ptr<float> Shortcut,
    Ptr<float> RunningMean, Ptr<float> RunningVariance, Ptr<float> Y, uint Rows, uint Channels, uint Rectify, float Epsilon) : IKernelArgs;

/// <summary>Arguments of <c>batch_norm_parameter_grad</c>.</summary>
internal readonly record struct BatchNormParameterGrad(Ptr<float> Dy, Ptr<float> X, Ptr<float> Mean, Ptr<float> InvStd,
    Ptr<double> Partial, Ptr<uint> Tickets, Ptr<float> Dgamma, Ptr<float> Dbeta, uint Rows, uint Channels, uint SliceRows, uint Rectify)
    : IKernelArgs;

/// <summary>Arguments of <c>batch_norm_input_grad</c>.</summary>
internal readonly record struct BatchNormInputGrad(Ptr<float> Dy, Ptr<float> X, Ptr<float> Gamma, Ptr<float> Mean, Ptr<float> InvStd,
    Ptr<float> Dgamma, Ptr<float> Dbeta, Ptr<float> Dx, uint Rows, uint Channels, uint Rectify, uint Mode) : IKernelArgs;

internal sealed partial class CudaKernels : IBatchNormLinks
{
    public bool PacksNormSigns(Shape y) => AppliesQuads((uint)y.Last);

    public void BatchNormForward(Tensor x, bool rectify, Tensor? gamma, Tensor? beta, Tensor? shortcut, Tensor runningMean,
        Tensor runningVariance, in BatchNormSettings settings, Tensor mean, Tensor invStd, Tensor y, Tensor? scratch)
    {
        NormStatistics(x, new(rectify, settings, mean, invStd, runningMean, runningVariance, scratch!));
        NormApply(new(new(x, rectify, gamma, beta, mean, invStd, EvaluationEpsilon: null), shortcut, y, Signs: null));
    }

    public void BatchNormEvaluate(Tensor x, bool rectify, Tensor? gamma, Tensor? beta, Tensor? shortcut, Tensor runningMean,
        Tensor runningVariance, in BatchNormSettings settings, Tensor y) =>
        NormApply(new(new(x, rectify, gamma, beta, runningMean, runningVariance, settings.Epsilon), shortcut, y, Signs: null));

    public void NormStatistics(Tensor x, in NormStatistics s)
    {
        FixedSlices slices = RowSlices(x.Shape);
        uint channels = Channels(x);
        Launch(new BatchNormStatistics(Reals(x), Doubles(s.Scratch), TicketsOf(channels), Reals(s.Mean), Reals(s.InvStd),
            Reals(s.RunningMean), Reals(s.RunningVariance), Rows(x), channels, slices.Rows, Flag(s.Rectify), s.Settings.Momentum,
            (float)s.Settings.Epsilon), SumsGrid<BatchNormStatistics>(slices, channels));
    }

    // Four channels a thread where that suits, else one.
    public void NormApply(in NormApplication norm)
    {
        var ((x, rectify, gamma, beta, mean, deviation, evaluationEpsilon), shortcut, y, signs) = norm;
        uint rows = Rows(x), channels = Channels(x);
        if (AppliesQuads(channels))
        {
            Launch(new BatchNormApply(Reals(x), RealsOrNull(gamma), RealsOrNull(beta), Reals(mean), Reals(deviation), Reals(y),
                WordsOrNull(signs), new(RealsOrNull(shortcut), 0, 0, 0), rows, channels, Flag(rectify), Flag(evaluationEpsilon != null),
                (float)(evaluationEpsilon ?? 0)), UnitBlocks<BatchNormApply>(rows, channels, MostConvBlocks));
        }
        else if (evaluationEpsilon is { } epsilon)
        {
            Launch(new BatchNormEvaluate(Reals(x), RealsOrNull(gamma), RealsOrNull(beta), RealsOrNull(shortcut), Reals(mean),
                Reals(deviation), Reals(y), rows, channels, Flag(rectify), (float)epsilon), Blocks<BatchNormEvaluate>(Count(x)));
        }
        else
        {
            Launch(new BatchNormNormalise(Reals(x), RealsOrNull(gamma), RealsOrNull(beta), RealsOrNull(shortcut), Reals(mean),
                Reals(deviation), Reals(y), rows, channels, Flag(rectify)), Blocks<BatchNormNormalise>(Count(x)));
        }
    }

    public void BatchNormBackward(Tensor dy, Tensor x, bool rectify, Tensor? gamma, Tensor mean, Tensor invStd, Tensor dgamma, Tensor dbeta,
        Tensor? dx, GradMode mode, Tensor? scratch)
    {
        FixedSlices slices = RowSlices(x.Shape);
        uint channels = Channels(x);
        Launch(new BatchNormParameterGrad(Reals(dy), Reals(x), Reals(mean), Reals(invStd), Doubles(scratch!), TicketsOf(channels),
            Reals(dgamma), Reals(dbeta), Rows(x), channels, slices.Rows, Flag(rectify)),
            SumsGrid<BatchNormParameterGrad>(slices, channels));
        if (dx != null)
            NormInputGrad(new(dy, x, rectify, gamma, mean, invStd, dgamma, dbeta), dx, mode);
    }

    public void NormInputGrad(in NormGradient dy, Tensor dx, GradMode mode) =>
        Launch(new BatchNormInputGrad(Reals(dy.Dy), Reals(dy.X), RealsOrNull(dy.Gamma), Reals(dy.Mean), Reals(dy.InvStd), Reals(dy.DGamma),
            Reals(dy.DBeta), Reals(dx), Rows(dy.X), Channels(dy.X), Flag(dy.Rectify), (uint)mode), Blocks<BatchNormInputGrad>(Count(dy.X)));

    private bool AppliesQuads(uint channels) => !forms.Plain && SuitsApply(channels);

    // As many channels as divide a block's threads, four each, and a word's worth of them.
    private static bool SuitsApply(uint channels) => channels is >= 16 and <= 1024 && BitOperations.IsPow2(channels);
}
