using ReSTE.Native.Tensors;

namespace ReSTE.Native.Networks;

/// <summary>What a layer does, as a summary tells it.</summary>
public enum LayerKind
{
    /// <summary>Convolution.</summary>
    Conv,

    /// <summary>Batch norm.</summary>
    BatchNorm,

    /// <summary>Linear layer.</summary>
    Linear,
}

/// <summary>A layer that owns parameters, of a network that need not exist yet.</summary>
/// <param name="Name">Its name in a checkpoint, such as <c>layer1.0.conv1</c>.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Weight">
/// The published dimensions of its weight: a convolution's are [O,I,KH,KW], a linear layer's [O,I], a batch norm's [C]; null for a
/// batch norm that is not affine.
/// </param>
/// <param name="Parameters">Trained numbers in it, biases too.</param>
/// <param name="IsBinary">
/// Whether the signs of its weights and their scale are all that the forward pass sees of them; a bias is counted with them.
/// </param>
/// <param name="Output">Shape of one image's output.</param>
/// <param name="MultiplyAdds">
/// Products that are added up for one image's output: those of a convolution, taps of its padding counted too, or of a linear layer; 0
/// for a batch norm. Of a binary layer each is an XOR of two bits, or with real activations an addition with a sign.
/// </param>
public sealed record LayerInfo(
    string Name, LayerKind Kind, Shape? Weight, long Parameters, bool IsBinary, Shape Output, long MultiplyAdds);
