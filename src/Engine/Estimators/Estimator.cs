using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Estimators;

/// <summary>
/// What happens at sign() on the way back, and around it. Every published method fits six independent slots; an estimator overrides those it
/// fills and inherits "nothing" for the rest: (1) a transform of the latent weights, (2) the forward map, (3) the weight scale, (4) the pointwise
/// slopes with their schedule, (5) a modifier of the pair (latent weight, gradient), (6) a hook after each update. One of the caller's own decides slot 4:
/// which of the slopes there are, with which parameters in which epoch.
/// </summary>
public abstract class Estimator
{
    /// <summary>The name that recipes and checkpoints carry.</summary>
    public abstract string Name { get; }

    /// <summary>Slot 1: what is binarised in place of the latent weights, recorded on the tape so that its gradient comes by itself.</summary>
    internal virtual Variable TransformWeights(Tape tape, Variable latent) => latent;

    /// <summary>Slot 2: how a value becomes binary.</summary>
    internal virtual ForwardMap ForwardMap => ForwardMap.Sign;

    /// <summary>Slot 3: what multiplies the binary weights, and whether its gradient flows.</summary>
    internal virtual WeightScale WeightScale => WeightScale.LayerMeanAttached;

    /// <summary>Slot 4: slope for latent weights.</summary>
    public abstract SlopeKind WeightSlope { get; }

    /// <summary>Slot 4: slope for activations; unused with real activations.</summary>
    public abstract SlopeKind ActivationSlope { get; }

    /// <summary>Slot 4: parameters of the weight slope in an epoch (from 0) of a run.</summary>
    public virtual SlopeParameters WeightParameters(int epoch, int epochs) => default;

    /// <summary>Slot 4: parameters of the activation slope in an epoch (from 0) of a run.</summary>
    public virtual SlopeParameters ActivationParameters(int epoch, int epochs) => WeightParameters(epoch, epochs);

    /// <summary>Slot 5: records what is done to the gradients of the latent weights before the optimiser sees them.</summary>
    internal virtual void ModifyGradients(Tape tape, ParameterSet parameters)
    {
    }

    /// <summary>Slot 6: records what is done to the latent weights after each update.</summary>
    internal virtual void AfterStep(Tape tape, ParameterSet parameters)
    {
    }

    /// <summary>The number reported as o in an epoch (from 0) of a run; 1 where the estimator has none.</summary>
    public virtual double Exponent(int epoch, int epochs) => 1;
}
