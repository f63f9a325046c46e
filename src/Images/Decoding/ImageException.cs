using ReSTE.Native.Datasets;

namespace ReSTE.Native.Images;

/// <summary>An image cannot be decoded. The message says why in one clause; whoever knows the file adds its name.</summary>
/// <param name="kind">What is the matter.</param>
/// <param name="message">What is wrong with the content.</param>
/// <param name="inner">The failure that led to it, if any.</param>
public sealed class ImageException(DatasetFault kind, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What is the matter.</summary>
    public DatasetFault Kind { get; } = kind;

    internal static ImageException Damaged(string message, Exception? inner = null) => new(DatasetFault.Damaged, message, inner);
}
