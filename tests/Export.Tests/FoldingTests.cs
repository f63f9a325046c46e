using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.Tests;

public class FoldingTests
{
    private static readonly string[] s_classes = [.. Enumerable.Range(0, 10).Select(i => $"class {i}")];

    [Theory]
    [InlineData("resnet20_1w1a")]
    [InlineData("resnet20_bireal_1w1a")]
    [InlineData("resnet18_1w1a")]
    [InlineData("vgg_small_1w1a")]
    public void A_file_holds_what_was_folded(string model)
    {
        using ExportSource source = Checkpoints.Source(model);
        byte[] file = PackedFile.Write(Folding.Of(source, s_classes));
        Assert.Equal(file, PackedFile.Write(PackedFile.Read(file)));
    }

    [Fact]
    public void A_full_precision_network_is_refused()
    {
        using ExportSource source = Checkpoints.Source("resnet20");
        var refused = Assert.Throws<ExportException>(() => Folding.Of(source, s_classes));
        Assert.Contains("resnet20 has no layer of bits", refused.Message);
    }

    [Fact]
    public void Real_activations_are_refused_by_the_layers_name()
    {
        using ExportSource source = Checkpoints.Source("resnet20_1w1a", recipe => recipe with { RealActivations = true });
        var refused = Assert.Throws<ExportException>(() => Folding.Of(source, s_classes));
        Assert.StartsWith("layer1.0.conv1: it takes real activations", refused.Message);
    }
}
