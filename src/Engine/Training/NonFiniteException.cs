using System.Globalization;

namespace ReSTE.Native.Training;

/// <summary>
/// Training has produced a number that is not finite; sign() would hide it. The message names the tensor and the epoch. A new trainer can
/// go on from an earlier checkpoint.
/// </summary>
public sealed class NonFiniteException : Exception
{
    private NonFiniteException(int epoch, string what, double value) : base(string.Create(CultureInfo.InvariantCulture,
        $"epoch {epoch + 1}: {what}; a lower {nameof(Recipe)}.{nameof(Recipe.LearningRate)} usually helps")) =>
        (Epoch, What, Value) = (epoch, what, value);

    /// <summary>The epoch, from 0.</summary>
    public int Epoch { get; }

    /// <summary>The number: NaN or an infinity.</summary>
    public double Value { get; }

    /// <summary>The tensor that holds it, by its name in a checkpoint; null where it is a mean loss.</summary>
    public string? Tensor { get; private init; }

    /// <summary>Whether it is in the gradient of <see cref="Tensor"/>.</summary>
    public bool IsGradient { get; private init; }

    /// <summary>Where in the tensor it is found first; null where it is a mean loss.</summary>
    public int? Element { get; private init; }

    /// <summary>The pass whose mean loss it is; null where it is in a tensor.</summary>
    public Phase? Loss { get; private init; }

    /// <summary>What was found, as a clause: such as "conv1.weight holds NaN at element 3 of 432".</summary>
    public string What { get; }

    /// <summary>In an element of a tensor.</summary>
    internal static NonFiniteException In(string tensor, bool isGradient, int element, int count, double value, int epoch) =>
        new(epoch, string.Create(CultureInfo.InvariantCulture,
            $"{(isGradient ? "the gradient of " : "")}{tensor} holds {value} at element {element} of {count}"), value)
        {
            Tensor = tensor,
            IsGradient = isGradient,
            Element = element,
        };

    /// <summary>As the mean loss of a pass.</summary>
    internal static NonFiniteException OfLoss(Phase pass, double value, int epoch) =>
        new(epoch, string.Create(CultureInfo.InvariantCulture,
            $"the {(pass == Phase.Training ? "training" : "validation")} loss is {value}"), value)
        {
            Loss = pass,
        };
}
