using ReSTE.Native.Ops;
using ReSTE.Native.Optimisers;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Estimators;

/// <summary>
/// What happens at sign() in the backward pass, and around it. Every published method fits seven independent slots; an estimator
/// overrides those it fills and inherits the plain filling for the rest: (1) a transform of the latent weights, (2) the forward map
/// of weights and of activations, (3) the weight scale, (4) the pointwise slopes with their schedule, (5) a modifier of the pair
/// (latent weight, gradient), (6) a hook after each update, stages and an optimiser of its own, (7) what happens to activations before
/// their sign. One of your own decides slot 4: which of the slopes there are, with which parameters in which epoch.
/// </summary>
/// <remarks>
/// Whatever a slot does it records on the tape. State of its own it makes in the tape's <see cref="ParameterSet"/>: a parameter
/// where it is trained, a state where its own ops change it; numbers that change between epochs are knobs, and random numbers are
/// functions of the tape's counters.
/// </remarks>
public abstract class Estimator
{
    /// <summary>Knobs that hold the slopes' parameters.</summary>
    internal const string WeightSlopeKnob = "slope of weights", ActivationSlopeKnob = "slope of activations";

    /// <summary>The name that recipes and checkpoints carry.</summary>
    public abstract string Name { get; }

    /// <summary>Slot 4: slope for latent weights.</summary>
    public abstract SlopeKind WeightSlope { get; }

    /// <summary>Slot 4: slope for activations; unused with real activations.</summary>
    public abstract SlopeKind ActivationSlope { get; }

    /// <summary>Slot 4: parameters of the weight slope in an epoch (from 0) of a run.</summary>
    public virtual SlopeParameters WeightParameters(int epoch, int epochs) => default;

    /// <summary>Slot 4: parameters of the activation slope in an epoch (from 0) of a run.</summary>
    public virtual SlopeParameters ActivationParameters(int epoch, int epochs) => WeightParameters(epoch, epochs);

    /// <summary>What stands for sign() on weights in an epoch (from 0) of a run; a curve each for whatever else it depends on.</summary>
    public virtual IReadOnlyList<EstimatorCurve> WeightCurves(int epoch, int epochs)
    {
        SlopeParameters parameters = WeightParameters(epoch, epochs);
        return [new("weights", x => WeightSlope.Evaluate(x, parameters))];
    }

    /// <summary>The same on activations; none where they stay real.</summary>
    public IReadOnlyList<EstimatorCurve> ActivationCurves(int epoch, int epochs)
    {
        SlopeParameters parameters = ActivationParameters(epoch, epochs);
        return NeedsRealActivations ? [] : [new("activations", x => ActivationSlope.Evaluate(x, parameters))];
    }

    /// <summary>The number reported as o in an epoch (from 0) of a run; 1 where the estimator has none.</summary>
    public virtual double Exponent(int epoch, int epochs) => 1;

    /// <summary>How latent weights start; null where that is the network's business.</summary>
    internal virtual Initialisation? LatentStart => null;

    /// <summary>Whether the biases of binary linear layers are latent weights too; where not, they stay real.</summary>
    internal virtual bool BinarizesBiases => false;

    /// <summary>Whether it binarises weights alone, so that activations must stay real.</summary>
    internal virtual bool NeedsRealActivations => false;

    /// <summary>
    /// What a trained network computes, in words: weights of one estimator are evaluated as another's where both say the same, and are
    /// refused where they do not. Slots 1, 2, 3 and 7 decide it.
    /// </summary>
    internal virtual string Evaluation => "signs times one scale a layer";

    /// <summary>Slot 1: what is binarised in place of the latent weights [O,K,K,I] of a layer; its gradient comes by itself.</summary>
    internal virtual Variable TransformWeights(Tape tape, string layer, Variable latent) => latent;

    /// <summary>Slots 2 and 3: how a layer's weights become binary, or stay real, and what multiplies them.</summary>
    internal virtual ConvWeights BinarizeWeights(Tape tape, string layer, Variable weights) =>
        Ops.BinarizeWeights.Record(tape, layer, weights, WeightScale.Layer, attached: true, WeightSlope, SlopeOf(tape, WeightSlopeKnob));

    /// <summary>Slot 2: what a binary linear layer adds in place of its latent biases [O], for an estimator that binarises them.</summary>
    internal virtual Variable BinarizeBias(Tape tape, string name, Variable latent) => latent;

    /// <summary>Slot 7: what is binarised in place of a layer's input [N,H,W,I].</summary>
    internal virtual Variable TransformActivations(Tape tape, string layer, Variable x) => x;

    /// <summary>Slot 2: how a layer's input becomes binary, or stays real.</summary>
    internal virtual ConvInput BinarizeActivations(Tape tape, string layer, Variable x) =>
        new SignInput(x, SignPack.Record(tape, layer + ".input", x), ActivationSlope, SlopeOf(tape, ActivationSlopeKnob));

    /// <summary>Slot 5: records what is done to the gradients of the latent weights before the optimiser sees them.</summary>
    internal virtual void ModifyGradients(Tape tape)
    {
    }

    /// <summary>
    /// Slot 6: the optimiser in place of the recipe's, usually a <see cref="BinaryOptimiser"/> around it; null for the recipe's alone.
    /// </summary>
    internal virtual Optimiser? OwnOptimiser(Optimiser recipes) => null;

    /// <summary>Slot 6: records what is done to the latent weights after each update.</summary>
    internal virtual void AfterStep(Tape tape)
    {
    }

    /// <summary>Slot 6: the parts of a run that are trained like runs of their own.</summary>
    internal virtual IReadOnlyList<Stage> Stages => Stage.Whole;

    /// <summary>Sets the numbers of an epoch (from 0) of a run.</summary>
    internal virtual void SetEpoch(Knobs knobs, int epoch, int epochs)
    {
        knobs.Set(WeightSlopeKnob, WeightParameters(epoch, epochs));
        knobs.Set(ActivationSlopeKnob, ActivationParameters(epoch, epochs));
    }

    /// <summary>Slots 1, 2, 3 and 7 of one layer: what its convolution takes in place of its input and its latent weights.</summary>
    internal (ConvInput Input, ConvWeights Weights) Binarize(Tape tape, string layer, Variable x, Variable latent, bool realActivations)
    {
        ConvWeights weights = BinarizeWeights(tape, layer, TransformWeights(tape, layer, latent));
        return (realActivations ? new RealInput(x) : BinarizeActivations(tape, layer, TransformActivations(tape, layer, x)), weights);
    }

    /// <summary>The knob of a slope, real [4].</summary>
    internal static Tensor SlopeOf(Tape tape, string knob) => tape.Parameters.Knobs.Named(knob, SlopeParameters.Count);
}
