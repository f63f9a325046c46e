using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>What a batch norm of so many channels owns: gamma and beta, trained, from 1 and 0; running mean and variance, from 0 and 1. All [channels].</summary>
internal readonly struct NormParameters(ParameterSet parameters, string name, int channels)
{
    public Variable Gamma { get; } = Trained(parameters, name + ".weight", channels, 1);

    public Variable Beta { get; } = Trained(parameters, name + ".bias", channels, 0);

    public Tensor RunningMean { get; } = parameters.Statistic(name + ".running_mean", channels, 0).Value;

    public Tensor RunningVariance { get; } = parameters.Statistic(name + ".running_var", channels, 1).Value;

    private static Variable Trained(ParameterSet parameters, string name, int channels, double initial) =>
        parameters.Parameter(name, PublishedLayout.Same(new Shape(channels)), Initialisation.Constant(initial)).Variable;
}
