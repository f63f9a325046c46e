using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// The two indicators of the ReSTE paper as the published trainer measures them, over the convolution weights inside the network's layers:
/// estimating error, the sum of the layers' || f(w) - sign(w) ||_2 at the run's final o, and gradient stability, the sum of the layers'
/// variances of |dw|. Weights and gradients are those of the moment it runs.
/// </summary>
internal sealed class Indicators : Op
{
    private readonly Parameter[] _weights;
    /// <summary>Name of the knob that holds the run's final o, [1].</summary>
    public const string ExponentKnob = "exponent of the indicators";

    private readonly Tensor _exponent, _result;

    /// <summary>Measures the given weights into a float64 tensor [2 * count]: errors, then variances.</summary>
    public Indicators(ParameterSet parameters, IEnumerable<Parameter> weights, Tensor result)
    {
        _weights = [.. weights];
        _exponent = parameters.Knobs.Named(ExponentKnob, 1);
        _result = result;
    }

    internal override IEnumerable<Tensor?> ForwardTouches => [];

    /// <summary>
    /// The weights measured: published names with "layer", "conv" and "weight", or without layers, every "conv" but conv0.
    /// </summary>
    public static IReadOnlyList<Parameter> Measured(ParameterSet parameters)
    {
        bool layered = parameters.Parameters.Any(p => p.Name.Contains("layer", StringComparison.Ordinal));
        return [.. parameters.Parameters.Where(p => p.Name.Contains("conv", StringComparison.Ordinal)
            && p.Name.Contains("weight", StringComparison.Ordinal)
            && (layered ? p.Name.Contains("layer", StringComparison.Ordinal) : !p.Name.Contains("conv0", StringComparison.Ordinal)))];
    }

    public override void Forward(IKernels kernels)
    {
        for (int i = 0; i < _weights.Length; i++)
        {
            kernels.EstimatingError(_weights[i].Value, _exponent, _result, i);
            kernels.GradientVariance(_weights[i].Variable.Gradient!, _result, _weights.Length + i);
        }
    }
}
