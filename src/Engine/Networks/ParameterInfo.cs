using ReSTE.Native.Tensors;

namespace ReSTE.Native.Networks;

/// <summary>A parameter of a network that need not exist yet.</summary>
/// <param name="Name">Its name in a checkpoint, such as <c>layer1.0.conv1.weight</c>.</param>
/// <param name="Shape">The published dimensions: a convolution's are [O,I,KH,KW].</param>
/// <param name="IsBinary">Whether its signs and one scale are all that the forward pass sees of it.</param>
public sealed record ParameterInfo(string Name, Shape Shape, bool IsBinary);
