namespace ReSTE.Native.Training;

/// <summary>Height and width in pixels, channels; bytes lie in that order.</summary>
public readonly record struct ImageShape(int Height, int Width, int Channels)
{
    /// <summary>Bytes of one image.</summary>
    public int Bytes => Height * Width * Channels;
}
