using ReSTE.Native.Tensors;

namespace ReSTE.Native.Tapes;

/// <summary>Which parameters of a network an update is for.</summary>
internal enum ParameterShare
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>The latent weights of binary layers.</summary>
    Binary,

    /// <summary>All but the latent weights of binary layers.</summary>
    Others,
}

/// <summary>
/// A share of a network's parameters, their gradients and those of the optimiser's states that are kept for all of them, one real tensor
/// [count] each.
/// </summary>
internal sealed record FlatTensors(Tensor Values, Tensor Gradients, IReadOnlyDictionary<string, Tensor> States);
