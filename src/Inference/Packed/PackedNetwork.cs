namespace ReSTE.Native.Packed;

/// <summary>A trained binary network as a packed file holds it: what it is fed with, what it tells apart, its layers in order.</summary>
/// <param name="Name">Of the network, such as resnet20_1w1a.</param>
/// <param name="Dataset">What it was trained on, such as cifar10.</param>
/// <param name="Input">Its images.</param>
/// <param name="Classes">Names of its classes.</param>
/// <param name="Layers">Its layers; the last one gives a score a class.</param>
public sealed record PackedNetwork(string Name, string Dataset, PackedInput Input, IReadOnlyList<string> Classes,
    IReadOnlyList<PackedLayer> Layers);

/// <summary>Images of a network: bytes [height, width, channels], each of which becomes byte * scale, rounded, + shift, rounded.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Channels">1 for grey, 3 for red, green and blue.</param>
/// <param name="Scale">One a channel: 1 / (255 deviation).</param>
/// <param name="Shift">One a channel: -mean / deviation.</param>
public sealed record PackedInput(int Height, int Width, int Channels, float[] Scale, float[] Shift)
{
    /// <summary>Bytes of an image.</summary>
    public int Bytes => Height * Width * Channels;
}

/// <summary>A packed file that cannot be read; the message says the file, what is wrong with it and what helps.</summary>
public sealed class PackedException : Exception
{
    /// <summary>With a message.</summary>
    public PackedException(string message) : base(message)
    {
    }

    /// <summary>With a message and what caused it.</summary>
    public PackedException(string message, Exception inner) : base(message, inner)
    {
    }
}
