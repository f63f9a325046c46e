using ReSTE.Native.Tensors;

namespace ReSTE.Native.Tapes;

/// <summary>All parameters of a network, their gradients and their momenta, one real tensor [count] each.</summary>
internal sealed record FlatTensors(Tensor Values, Tensor Gradients, Tensor Momenta);
