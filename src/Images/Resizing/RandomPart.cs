using ReSTE.Native.Randomness;

namespace ReSTE.Native.Images.Resizing;

/// <summary>
/// The part of a photograph that a training image shows: torchvision's RandomResizedCrop with the published trainer's scale. Ten times an
/// area and a ratio of the sides are drawn, and the first part that fits is taken; after them the largest part at the centre whose ratio is
/// allowed. Areas above the image's own, up to 1.25 of it, hardly ever fit: they make more of the tries fail.
/// </summary>
internal static class RandomPart
{
    private const int Tries = 10;
    private const double LeastArea = 0.08, MostArea = 1.25, LeastRatio = 3.0 / 4, MostRatio = 4.0 / 3;

    /// <summary>The part of an image of a number in an epoch.</summary>
    public static Box Draw(ulong seed, int epoch, int image, int width, int height)
    {
        double area = (double)width * height;
        for (int i = 0; i < Tries; i++)
        {
            var (x, y, z, w) = Philox.Block(seed, RandomStream.ResizedCrop, (uint)epoch, (uint)image | (ulong)i << 32);
            double target = area * (LeastArea + (MostArea - LeastArea) * Philox.Unit(x));
            double ratio = Math.Exp(Math.Log(LeastRatio) + (Math.Log(MostRatio) - Math.Log(LeastRatio)) * Philox.Unit(y));
            double wide = Math.Round(Math.Sqrt(target * ratio)), high = Math.Round(Math.Sqrt(target / ratio));
            if (wide > 0 && wide <= width && high > 0 && high <= height)
                return Placed((int)wide, (int)high, (width, height), z, w);
        }
        return Centred(width, height);
    }

    /// <summary>The part that is taken where none of the drawn ones fits.</summary>
    public static Box Centred(int width, int height)
    {
        double ratio = (double)width / height;
        int wide = ratio > MostRatio ? (int)Math.Round(height * MostRatio) : width;
        int high = ratio < LeastRatio ? (int)Math.Round(width / LeastRatio) : height;
        return new Box((width - wide) / 2, (height - high) / 2, wide, high);
    }

    private static Box Placed(int wide, int high, (int Width, int Height) image, uint down, uint right) =>
        new(Philox.Below(right, image.Width - wide + 1), Philox.Below(down, image.Height - high + 1), wide, high);
}
