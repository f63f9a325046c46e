using Google.Protobuf;
using Onnx;
using ReSTE.Native.Export.Onnx;
using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.Tests;

public class OnnxTests
{
    private const int Images = 100;

    [Theory]
    [InlineData("odd sizes")]
    [InlineData("scales")]
    [InlineData("flattened")]
    [InlineData("shortcuts")]
    [InlineData("exact zeros")]
    public void Awkward_networks_give_the_scores_of_the_definition(string name)
    {
        PackedNetwork network = Handmade.Network(name);
        var pixels = new byte[Images * network.Input.Bytes];
        new Random(8).NextBytes(pixels);
        var runs = new Margins(network).Run(pixels, threads: 1);
        float[] margins = [.. runs.Select(run => run.Margin)];
        (IExportFormat, ISignForm)[] forms = [(new OnnxFormat(), new StandardSigns()), (new QonnxFormat(), new BipolarSigns())];
        foreach (var (format, signs) in forms)
        {
            using IExportedForm form = Exported.Open(format, stream => OnnxNetwork.Write(network, signs).WriteTo(stream));
            Exported.Agree([.. runs.Select(run => run.Scores)], form.Logits(pixels), margins);
        }
    }

    [Fact]
    public void Onnx_is_of_standard_operators_and_says_what_it_is()
    {
        using ExportSource source = Checkpoints.Source("resnet20_1w1a");
        ModelProto model = Written(new OnnxFormat(), source);
        OperatorSetIdProto opset = Assert.Single(model.OpsetImport);
        Assert.Equal("", opset.Domain);
        Assert.True(opset.Version >= 17);
        Assert.All(model.Graph.Node, node => Assert.Equal("", node.Domain));
        Assert.Equal("image", Assert.Single(model.Graph.Input).Name);
        Assert.Equal("scores", Assert.Single(model.Graph.Output).Name);
        Assert.Equal("batch", model.Graph.Input[0].Type.TensorType.Shape.Dim[0].DimParam);
        Assert.Equal(["network", "dataset", "classes"], model.MetadataProps.Select(property => property.Key));
        Assert.Contains("class 3", model.MetadataProps[2].Value);
        AssertNoScaleAfterAConvolution(model.Graph);
    }

    [Fact]
    public void Qonnx_quantises_what_binary_layers_read_and_their_weights()
    {
        using ExportSource source = Checkpoints.Source("resnet20_1w1a");
        ModelProto model = Written(new QonnxFormat(), source);
        NodeProto[] signs = [.. model.Graph.Node.Where(node => node.OpType == "BipolarQuant")];
        Assert.Equal(18 * 2, signs.Length);
        Assert.All(signs, node => Assert.Equal("qonnx.custom_op.general", node.Domain));
        Assert.All(signs, node => Assert.Equal(2, node.Input.Count));
        Assert.Equal(["", "qonnx.custom_op.general"], model.OpsetImport.Select(opset => opset.Domain));
        Assert.DoesNotContain(model.Graph.Node, node => node.OpType is "Cast" or "Where" or "Less");
        AssertNoScaleAfterAConvolution(model.Graph);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(5000)]
    public void A_damaged_file_is_refused_in_one_line(int length)
    {
        using ExportSource source = Checkpoints.Source("resnet20_1w1a");
        byte[] cut = Written(new OnnxFormat(), source).ToByteArray()[..length];
        foreach (IExportFormat format in (IExportFormat[])[new OnnxFormat(), new QonnxFormat()])
        {
            var refused = Assert.Throws<ExportException>(() => Exported.Open(format, stream => stream.Write(cut)));
            Assert.DoesNotContain('\n', refused.Message);
        }
    }

    // A runtime would multiply it into the weights.
    private static void AssertNoScaleAfterAConvolution(GraphProto graph)
    {
        var sources = graph.Node.ToDictionary(node => node.Output[0]);
        Assert.DoesNotContain(graph.Node, node => node.OpType == "Mul"
            && node.Input.Any(input => sources.TryGetValue(input, out NodeProto? from) && (from.OpType is "Conv" or "Gemm")));
    }

    private static ModelProto Written(IExportFormat format, ExportSource source)
    {
        using var stream = new MemoryStream();
        format.Write(source, new ExportOptions(Exported.Classes), stream);
        return ModelProto.Parser.ParseFrom(stream.ToArray());
    }
}
