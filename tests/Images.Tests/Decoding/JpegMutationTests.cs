using ReSTE.Native.Data.Tests.Mutations;
using ReSTE.Native.Datasets;
using ReSTE.Native.Images.Decoding;
using ReSTE.Native.Images.Tests.Reference;

namespace ReSTE.Native.Images.Tests.Decoding;

/// <summary>
/// Random damage to JPEGs: each is refused in one line, or read to the pixels that a decoder gives which has read nothing before, within a
/// time and without a crash. RESTE_MUTATIONS=N damages N of them.
/// </summary>
public sealed class JpegMutationTests
{
    private const int Seed = 20260611, Usual = 300;

    private static readonly string[] s_names = ["made_444.JPEG", "made_progressive_420.JPEG", "made_cmyk.JPEG"];

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private static int Count =>
        int.TryParse(Environment.GetEnvironmentVariable("RESTE_MUTATIONS"), out int count) && count > 0 ? count : Usual;

    // Fresh handles and memory for each image against those that hundreds of damaged ones went through.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Damage_is_refused_or_read_as_by_a_fresh_decoder(bool turbo)
    {
        Assert.SkipWhen(turbo && TurboLibrary.Found is null, $"libturbojpeg: {TurboLibrary.Report}");
        StandardDecoder New() => new(turbo ? TurboLibrary.Found : null);
        var kept = New();
        var (image, read, refused) = (new ImageBuffer(), 0, 0);
        foreach (var (content, where) in Damaged())
        {
            bool isRead = TryDecode(kept, content, image, where);
            var decoder = New();
            var fresh = new ImageBuffer();
            Assert.True(isRead == TryDecode(decoder, content, fresh, where), where);
            Assert.True(!isRead || Same(image, fresh), where);
            (read, refused) = isRead ? (read + 1, refused) : (read, refused + 1);
        }
        Assert.True(read > Count / 10 && refused > Count / 10, $"{read} read, {refused} refused");
        string line = $"JPEGs by {(turbo ? "libturbojpeg" : "SkiaSharp")}, seed {Seed}: {read} read, {refused} refused";
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        // The output of tests that pass is not shown; who asks for a number wants to see what came of it.
        if (Environment.GetEnvironmentVariable("RESTE_MUTATIONS") is not null)
            Console.WriteLine(line);
    }

    // SkiaSharp's libjpeg-turbo has no SIMD code: where damage makes values overflow, its pixels wrap around and are others. What
    // libjpeg-turbo itself refuses it may take, for it does not read what follows the last row.
    [Fact]
    public void Most_of_what_both_read_is_the_same_image()
    {
        Assert.SkipWhen(TurboLibrary.Found is null, $"libturbojpeg: {TurboLibrary.Report}");
        var turbo = new TurboDecoder(TurboLibrary.Found!);
        var skia = new StandardDecoder(null);
        var (image, other, both, same) = (new ImageBuffer(), new ImageBuffer(), 0, 0);
        foreach (var (content, where) in Damaged())
        {
            if (!JpegMarkers.IsJpeg(content) || !TryDecode(skia, content, other, where) || !TryTurbo(turbo, content, image))
                continue;
            Assert.True((image.Width, image.Height) == (other.Width, other.Height), where);
            both++;
            same += Same(image, other) ? 1 : 0;
        }
        // The bound is far below what is seen.
        Assert.True(both > Count / 10 && same > both * 0.7, $"{same} of {both} are the same");
    }

    private static IEnumerable<(byte[] Content, string Where)> Damaged()
    {
        var random = new Random(Seed);
        // Every third place lies among the headers.
        var mutator = new Mutator((r, count) => r.Next(3) == 0 ? r.Next(Math.Min(count, 700)) : r.Next(count));
        byte[][] whole = [.. s_names.Select(name => File.ReadAllBytes(ReferenceImages.Own(name)))];
        for (int i = 0; i < Count; i++)
            yield return (mutator.Mutate(whole[i % whole.Length], random), $"{s_names[i % whole.Length]}, seed {Seed}, mutation {i}");
    }

    private static bool TryDecode(StandardDecoder decoder, byte[] content, ImageBuffer image, string where)
    {
        try
        {
            // One that hangs is left behind.
            Assert.True(Task.Run(() => decoder.Decode(content, image)).Wait(s_patience), $"{where}: not done within {s_patience}");
            return true;
        }
        catch (AggregateException problem) when (problem.InnerException is ImageException refusal)
        {
            Assert.True(refusal.Kind is DatasetFault.Damaged or DatasetFault.OtherForm, $"{where}: {refusal.Kind}");
            Assert.False(refusal.Message.Any(char.IsControl), $"{where}: {refusal.Message}");
            return false;
        }
    }

    private static bool TryTurbo(TurboDecoder turbo, byte[] content, ImageBuffer image)
    {
        try
        {
            return turbo.TryDecode(content, image);
        }
        catch (ImageException)
        {
            return false;
        }
    }

    // None is transparent: the fourth byte is 255 in both.
    private static bool Same(ImageBuffer a, ImageBuffer b) =>
        (a.Width, a.Height) == (b.Width, b.Height) && a.Pixels.SequenceEqual(b.Pixels);
}
