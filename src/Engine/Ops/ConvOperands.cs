using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>What a convolution of a binary network takes for its activations.</summary>
internal abstract record ConvInput;

/// <summary>Activations as they are.</summary>
/// <param name="X">real [N,H,W,I].</param>
internal sealed record RealInput(Variable X) : ConvInput;

/// <summary>Activations as packed signs. The gradient passes to what was binarised through a slope, h(x).</summary>
/// <param name="X">real [N,H,W,I]: what was binarised.</param>
/// <param name="Bits">bits [N,H,W,words].</param>
/// <param name="Slope">h.</param>
/// <param name="SlopeParameters">real [4]: its parameters.</param>
internal sealed record SignInput(Variable X, Tensor Bits, SlopeKind Slope, Tensor SlopeParameters) : ConvInput;

/// <summary>What a convolution of a binary network takes for its weights.</summary>
/// <param name="OutputScale">real [O], multiplies the result, with a gradient of its own; null for none.</param>
internal abstract record ConvWeights(Variable? OutputScale);

/// <summary>Weights as they are.</summary>
/// <param name="W">real [O,K,K,I].</param>
/// <param name="OutputScale">As in <see cref="ConvWeights"/>.</param>
internal sealed record RealWeights(Variable W, Variable? OutputScale = null) : ConvWeights(OutputScale);

/// <summary>Weights as packed signs with a scale.</summary>
/// <param name="Signs">bits [O,K,K,words]; their gradient is real [O,K,K,I], that of scale * sign.</param>
/// <param name="Scale">real [1] for the layer or [O] for each channel; the op that made it computes its gradient. Null for 1.</param>
/// <param name="OutputScale">As in <see cref="ConvWeights"/>.</param>
internal sealed record SignWeights(Variable Signs, Tensor? Scale, Variable? OutputScale = null) : ConvWeights(OutputScale)
{
    /// <summary>What the device takes together with those of other layers; null where it does not. Their gradient may be slices.</summary>
    public SignLayer? Layer { get; init; }

    /// <summary>Whether they depend on parameters alone, and are there before a run: <see cref="Op.ReadParameters"/>.</summary>
    public bool AreConstant { get; init; }
}
