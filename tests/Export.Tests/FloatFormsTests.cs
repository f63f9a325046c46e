using ReSTE.Native.Export.Onnx;
using ReSTE.Native.Export.Safetensors;

namespace ReSTE.Native.Export.Tests;

/// <summary>The forms that compute in single precision, against the engine.</summary>
public class FloatFormsTests
{
    private const int Images = 12;

    [Theory(Explicit = true)]
    [Trait("Category", "Long")]
    [InlineData("resnet18_1w1a")]
    [InlineData("vgg_small_1w1a")]
    [InlineData("vgg16_binary")]
    [InlineData("resnet18_binary")]
    public void Scores_of_larger_networks_are_the_engines(string model) => Scores_are_the_engines(model);

    [Theory]
    [InlineData("resnet20_1w1a")]
    [InlineData("resnet20_bireal_1w1a")]
    public void Scores_are_the_engines(string model)
    {
        using ExportSource source = Checkpoints.Source(model);
        byte[] pixels = Checkpoints.Pixels(Images, source.Image, seed: 5);
        float[][] expected = source.Logits(pixels);
        var runs = new Margins(Folding.Of(source, Exported.Classes, thresholds: false)).Run(pixels, threads: 2);
        float[] margins = [.. runs.Select(run => run.Margin)];
        // The signs of the definition are those of the engine, however near: only the last layer of the engine sums in single.
        Exported.Agree(expected, [.. runs.Select(run => run.Scores)], [.. runs.Select(_ => float.PositiveInfinity)]);
        foreach (IExportFormat format in (IExportFormat[])[new OnnxFormat(), new QonnxFormat(), new SafetensorsFormat()])
        {
            using IExportedForm form = Exported.Open(format, stream => format.Write(source, new ExportOptions(Exported.Classes), stream));
            // Plain loops take a while for the larger networks.
            int count = format is SafetensorsFormat ? Images / 3 : Images;
            Exported.Agree(expected[..count], form.Logits(pixels.AsSpan(0, count * source.Image.Bytes)), margins[..count]);
        }
    }
}
