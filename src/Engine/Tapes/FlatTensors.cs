using ReSTE.Native.Tensors;

namespace ReSTE.Native.Tapes;

/// <summary>All parameters of a network, their gradients and each of the optimiser's states, one real tensor [count] each.</summary>
internal sealed record FlatTensors(Tensor Values, Tensor Gradients, IReadOnlyDictionary<string, Tensor> States);
