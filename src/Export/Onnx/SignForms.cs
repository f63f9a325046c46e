using Onnx;
using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.Onnx;

/// <summary>How signs are written in ONNX.</summary>
internal interface ISignForm
{
    /// <summary>Declares the images, and gives their bytes as singles.</summary>
    string Input(OnnxGraph graph, string name, ValueShape shape);

    /// <summary>-1 where a value is below 0, +1 elsewhere.</summary>
    string Sign(OnnxGraph graph, string name, string x);

    /// <summary>Weights that are -1 and +1.</summary>
    string Weights(OnnxGraph graph, string weights);
}

/// <summary>Signs in standard operators. ONNX's Sign gives 0 for 0, so it is written as a choice.</summary>
internal sealed class StandardSigns : ISignForm
{
    public string Input(OnnxGraph graph, string name, ValueShape shape)
    {
        graph.Input(name, TensorProto.Types.DataType.Uint8, shape);
        return graph.Add("Cast", $"{name}/Cast", [name], [OnnxGraph.Integer("to", (long)TensorProto.Types.DataType.Float)]);
    }

    public string Sign(OnnxGraph graph, string name, string x)
    {
        string isNegative = graph.Add("Less", $"{name}/Less", [x, graph.Constant("zero", [0f])]);
        return graph.Add("Where", name, [isNegative, graph.Constant("minus", [-1f]), graph.Constant("plus", [1f])]);
    }

    public string Weights(OnnxGraph graph, string weights) => weights;
}

/// <summary>
/// Signs as QONNX has them: BipolarQuant(x, scale), scale * (x >= 0 ? 1 : -1), of activations and of weights. All scales are 1, which
/// QONNX's readers take as one bit. Images are bytes as singles, for QONNX's readers know no Cast.
/// </summary>
internal sealed class BipolarSigns : ISignForm
{
    /// <summary>The domain of QONNX's operators, and the one that is used here.</summary>
    public const string Domain = "qonnx.custom_op.general", Op = "BipolarQuant";

    public string Input(OnnxGraph graph, string name, ValueShape shape)
    {
        graph.Input(name, TensorProto.Types.DataType.Float, shape);
        graph.Annotate(name, "UINT8");
        return name;
    }

    public string Sign(OnnxGraph graph, string name, string x) => graph.Add(Op, name, [x, graph.Constant("one", [1f])], domain: Domain);

    public string Weights(OnnxGraph graph, string weights) => Sign(graph, $"{weights}/signs", weights);

    /// <summary>The same model in standard operators, for a runtime that knows no others.</summary>
    public static ModelProto Standard(ModelProto model)
    {
        ModelProto standard = model.Clone();
        for (int i = standard.OpsetImport.Count - 1; i >= 0; i--)
        {
            if (standard.OpsetImport[i].Domain == Domain)
                standard.OpsetImport.RemoveAt(i);
        }

        GraphProto graph = standard.Graph;
        NodeProto[] nodes = [.. graph.Node];
        graph.Node.Clear();
        foreach (var (name, value) in ((string, float)[])[("bipolar/zero", 0), ("bipolar/minus", -1), ("bipolar/plus", 1)])
            graph.Initializer.Add(OnnxGraph.Tensor(name, value));
        foreach (NodeProto node in nodes)
            graph.Node.AddRange(node.OpType == Op && node.Domain == Domain ? Standard(node) : [node]);
        return standard;
    }

    private static NodeProto[] Standard(NodeProto node)
    {
        string y = node.Output[0];
        return
        [
            Node("GreaterOrEqual", y + "/high", node.Input[0], "bipolar/zero"),
            Node("Where", y + "/sign", y + "/high", "bipolar/plus", "bipolar/minus"),
            Node("Mul", y, y + "/sign", node.Input[1]),
        ];
    }

    private static NodeProto Node(string op, string output, params string[] inputs)
    {
        var node = new NodeProto { OpType = op, Name = output, Output = { output } };
        node.Input.AddRange(inputs);
        return node;
    }
}
