using ReSTE.Native.Datasets;

namespace ReSTE.Native.Training;

/// <summary>
/// What a trained network takes and gives, as its checkpoint keeps it: size and scale of its images, number of its classes.
/// </summary>
internal sealed record NetworkInput(ImageShape Image, int Classes, IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation)
{
    /// <summary>The training's, without its augmentation.</summary>
    public Preprocessing Preprocessing => new(Mean, Deviation, CropPadding: 0, Flip: false);

    /// <summary>Whether it can be meant so.</summary>
    public bool IsValid => Image is { Height: > 0, Width: > 0, Channels: > 0 }
        && (long)Image.Height * Image.Width * Image.Channels <= Array.MaxLength
        && Classes > 0 && Mean?.Count == Image.Channels && Deviation?.Count == Image.Channels;
}
