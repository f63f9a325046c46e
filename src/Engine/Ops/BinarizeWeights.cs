using ReSTE.Native.Estimators;
using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>Latent weights [O,K,K,I] to packed signs [O,K,K,words] and one scale, mean |w|, which is part of the graph.</summary>
internal sealed class BinarizeWeights : Op
{
    private readonly Variable _latent;
    private readonly Estimator _estimator;
    private readonly Tensor _knobs;
    private GradMode _mode;

    public BinarizeWeights(Tape tape, Variable latent, string name, Estimator estimator)
    {
        if (estimator is not { ForwardMap: ForwardMap.Sign, WeightScale: WeightScale.LayerMeanAttached })
            throw new NotSupportedException($"{name}: estimator {estimator.Name} wants a forward map or weight scale that does not exist yet");
        Shape w = latent.Shape;
        _latent = latent;
        _estimator = estimator;
        _knobs = tape.Parameters.Knobs.Tensor;
        Scale = tape.NewTensor(name + ".scale", new Shape(1));
        Signs = new Variable(tape.NewTensor(name + ".signs", new Shape(w[0], w[1], w[2], Bits.Words(w[3])), ElementType.Bits32), tape.Training, w);
    }

    /// <summary>The packed signs; their gradient is that of scale * sign(w).</summary>
    public Variable Signs { get; }

    /// <summary>mean |w|, [1].</summary>
    public Tensor Scale { get; }

    internal override Variable? Output => Signs;

    internal override IEnumerable<Tensor?> ForwardTouches => [_latent.Value, Signs.Value, Scale];

    internal override IEnumerable<Tensor?> BackwardTouches => [_latent.Value, _latent.Gradient, Signs.Gradient, Scale];

    public override void Forward(IKernels kernels) => kernels.BinarizeWeights(_latent.Value, Signs.Value, Scale);

    public override void Backward(IKernels kernels) =>
        kernels.BinarizeWeightsBackward(_latent.Value, Signs.Gradient!, Scale, _estimator.WeightSlope, _knobs, _latent.Gradient!, _mode);

    internal override void Connect(Sealing seal) => _mode = seal.Contribute(_latent);
}
