using ReSTE.Native.Ops;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Optimisers;

/// <summary>SGD with momentum and weight decay on every parameter, as torch.optim.SGD without dampening.</summary>
/// <param name="momentum">Share of the momentum that is kept from step to step.</param>
/// <param name="weightDecay">Times the weight is added to the gradient.</param>
internal sealed class Sgd(double momentum, double weightDecay) : Optimiser
{
    private const string Momentum = "momentum", Knob = "sgd";

    public override void Record(Tape tape, ParameterShare share)
    {
        tape.Parameters.States.Keep(Momentum, share);
        tape.RecordUpdate(new SgdStep(tape.Parameters, share, Momentum, tape.Parameters.Knobs.Named(Knob, 3)));
    }

    public override void SetEpoch(Knobs knobs, EpochRates rates) =>
        knobs.Set(Knob, rates.LearningRate, momentum, weightDecay * rates.DecayFactor);
}
