using ReSTE.Native.Images.Decoding;
using ReSTE.Native.Images.Resizing;

namespace ReSTE.Native.Images.Tests.Reference;

/// <summary>Decoders and resize give torchvision's pixels, to the bit: the test form, and the training form of a given part.</summary>
[Trait("Category", "Reference")]
public sealed class TransformTests
{
    private const int Side = 224, ShortSide = 256, Channels = 3;

    public static TheoryData<bool> Turbo => [true, false];

    [Theory]
    [MemberData(nameof(Turbo))]
    public void Drawn_images_have_torchvisions_pixels(bool turbo) => Check(ReferenceImages.Folder, turbo);

    [Theory]
    [MemberData(nameof(Turbo))]
    public void Photographs_have_torchvisions_pixels(bool turbo)
    {
        Assert.SkipWhen(ReferenceImages.Photographs is null, "RESTE_TRANSFORMS_DIR is not set: it names a folder of photographs");
        Check(ReferenceImages.Photographs!, turbo);
    }

    private static void Check(string folder, bool turbo)
    {
        Assert.SkipWhen(turbo && TurboLibrary.Found is null, $"libturbojpeg: {TurboLibrary.Report}");
        var decoder = new StandardDecoder(turbo ? TurboLibrary.Found : null);
        var (image, resize) = (new ImageBuffer(), new BilinearResize());
        foreach (string path in ReferenceImages.In(folder))
        {
            var (crop, test, train) = ReferenceImages.Open(path);
            byte[] content = File.ReadAllBytes(path), pixels = new byte[Side * Side * Channels];
            byte[] Made(ResizePlan plan, bool whole)
            {
                image.Needs = whole ? null : (_, _) => plan.Needed;
                decoder.Decode(content, image);
                Assert.Equal((path, crop.Width, crop.Height), (path, image.Width, image.Height));
                resize.Resize(image, plan, pixels);
                return pixels;
            }
            foreach (bool whole in new[] { true, false })
            {
                string of = whole ? "of the whole" : "of what is needed";
                AssertSame($"{path}, test form {of}", test, Made(ResizePlan.Centre(crop.Width, crop.Height, ShortSide, Side), whole));
                byte[] part = Made(ResizePlan.Part(crop.Part, Side), whole);
                AssertSame($"{path}, training form {of}", train, crop.Flip ? Mirrored(part) : part);
            }
        }
    }

    private static byte[] Mirrored(byte[] pixels)
    {
        var mirrored = new byte[pixels.Length];
        for (int at = 0; at < pixels.Length; at++)
        {
            int channel = at % Channels, column = at / Channels % Side, row = at / Channels / Side;
            mirrored[(row * Side + Side - 1 - column) * Channels + channel] = pixels[at];
        }
        return mirrored;
    }

    private static void AssertSame(string what, byte[] expected, byte[] actual)
    {
        int[] off = [.. Enumerable.Range(0, expected.Length).Where(i => expected[i] != actual[i])];
        Assert.True(off.Length == 0, off.Length == 0 ? "" : $"{what}: {off.Length} bytes differ, up to "
            + $"{off.Max(i => Math.Abs(expected[i] - actual[i]))} levels, the first at {off[0]}: {actual[off[0]]} for {expected[off[0]]}");
    }
}
