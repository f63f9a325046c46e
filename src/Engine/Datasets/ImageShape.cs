using System.Globalization;

namespace ReSTE.Native.Datasets;

/// <summary>Height and width in pixels, channels; bytes lie in that order.</summary>
public readonly record struct ImageShape(int Height, int Width, int Channels)
{
    /// <summary>Bytes of one image.</summary>
    public int Bytes => checked(Height * Width * Channels);

    /// <summary>Such as 32 x 32 x 3.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height} x {Width} x {Channels}");
}
