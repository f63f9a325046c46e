using ReSTE.Native.Export.Onnx;

namespace ReSTE.Native.Export.Tests;

public class OnnxTests
{
    [Theory]
    [InlineData("resnet20_1w1a")]
    [InlineData("resnet20_bireal_1w1a")]
    [InlineData("resnet18_1w1a")]
    [InlineData("vgg_small_1w1a")]
    public void Onnx_gives_the_engines_scores(string model)
    {
        using ExportSource source = Checkpoints.Source(model);
        Exported.AgreesWithTheEngine(new OnnxFormat(), source);
    }
}
