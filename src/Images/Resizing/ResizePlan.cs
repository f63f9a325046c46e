using System.Globalization;
using ReSTE.Native.Datasets;

namespace ReSTE.Native.Images.Resizing;

/// <summary>A rectangle of pixels.</summary>
internal readonly record struct Box(int Left, int Top, int Width, int Height);

/// <summary>
/// What a resize makes of what: a part of the source is cut out, that part is resized, and a window of the result is kept. Nothing outside
/// the window is computed.
/// </summary>
/// <param name="Source">The part of the source that is cut out.</param>
/// <param name="Width">Width that the part is resized to.</param>
/// <param name="Height">Height that the part is resized to.</param>
/// <param name="Window">What is kept of the result.</param>
internal readonly record struct ResizePlan(Box Source, int Width, int Height, Box Window)
{
    /// <summary>The part of the source that the window is made of.</summary>
    public Box Needed
    {
        get
        {
            var (left, width) = Taps.Reach(Source.Width, Width, Window.Left, Window.Width);
            var (top, height) = Taps.Reach(Source.Height, Height, Window.Top, Window.Height);
            return new Box(Source.Left + left, Source.Top + top, width, height);
        }
    }

    /// <summary>A part of an image resized to a square, as a training image is.</summary>
    public static ResizePlan Part(Box source, int side) => new(source, side, side, new Box(0, 0, side, side));

    /// <summary>
    /// The whole image with its shorter side resized, and the square at its centre: torchvision's Resize and CenterCrop, which cut the
    /// longer side off and round offsets half to even.
    /// </summary>
    /// <exception cref="ImageException">The image is millions of times longer than wide.</exception>
    public static ResizePlan Centre(int width, int height, int shortSide, int side)
    {
        long exact = (long)shortSide * Math.Max(width, height) / Math.Min(width, height);
        if (exact > int.MaxValue)
            throw new ImageException(DatasetFault.OtherForm,
                string.Create(CultureInfo.InvariantCulture, $"{width} x {height} pixels are too long for their width to be resized"));
        int longer = (int)exact;
        (int newWidth, int newHeight) = width <= height ? (shortSide, longer) : (longer, shortSide);
        int Offset(int length) => (int)Math.Round((length - side) / 2.0);
        return new(new Box(0, 0, width, height), newWidth, newHeight, new Box(Offset(newWidth), Offset(newHeight), side, side));
    }
}
