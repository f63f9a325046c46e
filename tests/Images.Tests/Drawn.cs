using ReSTE.Native.Datasets;
using SkiaSharp;

namespace ReSTE.Native.Images.Tests;

/// <summary>Images drawn for tests: a function of their number.</summary>
internal static class Drawn
{
    /// <summary>A smooth image with something in it, as a file of a form.</summary>
    public static byte[] File(int number, int width = 60, int height = 45, SKEncodedImageFormat form = SKEncodedImageFormat.Jpeg)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Span<byte> pixels = bitmap.GetPixelSpan();
        for (int i = 0; i < width * height; i++)
        {
            int row = i / width, column = i % width;
            bool inside = (row / 7 + column / (3 + number % 5)) % 2 == 0;
            pixels[4 * i] = (byte)(row * 3 + number * 17);
            pixels[4 * i + 1] = (byte)(inside ? 200 : 40 + column);
            pixels[4 * i + 2] = (byte)(number * 53 + column * 2);
            pixels[4 * i + 3] = 255;
        }
        using SKData data = bitmap.Encode(form, 90);
        return data.ToArray();
    }

    /// <summary>A folder of a number of classes c0, c1, ... with some images in each part.</summary>
    public static void Folder(TemporaryFolder folder, int classes, int train, int test)
    {
        for (int label = 0; label < classes; label++)
        {
            for (int i = 0; i < train; i++)
                folder.Write($"train/c{label}/{i:000}.jpg", File(label * 100 + i, 40 + 3 * i, 50 - i));
            for (int i = 0; i < test; i++)
                folder.Write($"val/c{label}/{i:000}.JPEG", File(label * 100 + 50 + i, 45, 40 + i));
        }
    }

    /// <summary>An image of a data set.</summary>
    public static byte[] At(Dataset images, int index)
    {
        var pixels = new byte[images.Shape.Bytes];
        images.Read(index, pixels);
        return pixels;
    }
}
