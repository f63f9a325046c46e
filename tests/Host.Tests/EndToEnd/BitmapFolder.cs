using System.Buffers.Binary;

namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>A folder of drawn images, as bitmaps (BMP), which need no library to write.</summary>
internal static class BitmapFolder
{
    private const int Header = 54;

    /// <summary>Some classes c0, c1, ... with some images in each part.</summary>
    public static void Write(string folder, int classes, int train, int test)
    {
        for (int label = 0; label < classes; label++)
        {
            foreach (var (part, count) in new[] { ("train", train), ("val", test) })
            {
                var place = Path.Combine(folder, part, "c" + Numbers.Text(label));
                Directory.CreateDirectory(place);
                for (int i = 0; i < count; i++)
                    File.WriteAllBytes(Path.Combine(place, Numbers.Text(i) + ".bmp"), Draw(label, i, 64 + 4 * i, 48));
            }
        }
    }

    /// <summary>Stripes whose width is the label's; a width that is a multiple of four needs no padding.</summary>
    private static byte[] Draw(int label, int number, int width, int height)
    {
        var file = new byte[Header + width * height * 3];
        file[0] = (byte)'B';
        file[1] = (byte)'M';
        void Number(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
        Number(2, file.Length);
        Number(10, Header);
        Number(14, 40);
        Number(18, width);
        Number(22, height);
        Number(26, 1 | 24 << 16);
        for (int i = 0; i < width * height; i++)
            file.AsSpan(Header + 3 * i, 3).Fill((byte)(i % width / (2 + 3 * label) % 2 * 180 + number * 7));
        return file;
    }
}
