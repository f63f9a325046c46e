namespace ReSTE.Native.Randomness;

/// <summary>What a random number is used for; streams of one seed never overlap. The values are part of the checkpoint format.</summary>
internal enum RandomStream : uint
{
    /// <summary>Initial weights; the index counts elements of one parameter, the epoch slot holds the parameter's number.</summary>
    Initialisation = 1,

    /// <summary>The order of the training images in an epoch.</summary>
    Permutation = 2,

    /// <summary>Crop and flip of one training image; the index is the image's number in the data set.</summary>
    Augmentation = 3,

    /// <summary>
    /// The part of a photograph that a training image shows; the index is the image's number, with the try's number in its upper half.
    /// </summary>
    ResizedCrop = 5,

    /// <summary>Which training images are held out to choose the best epoch on.</summary>
    HoldOut = 8,

    /// <summary>Signs drawn for activations, and for weights, by the operation BernoulliPack; the upper bits hold the layer.</summary>
    ActivationSigns = 9,

    /// <inheritdoc cref="ActivationSigns"/>
    WeightSigns = 10,
}
