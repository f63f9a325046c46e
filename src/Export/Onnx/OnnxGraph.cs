using Google.Protobuf;
using Onnx;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.Onnx;

/// <summary>A graph of ONNX nodes that is being written. Values of images are [batch,C,H,W] or [batch,C].</summary>
internal sealed class OnnxGraph(string name)
{
    private const int Opset = 17, IrVersion = 8;
    private const string Batch = "batch";

    private readonly GraphProto _graph = new() { Name = name };
    private readonly HashSet<string> _domains = [];
    private readonly HashSet<string> _constants = [];

    /// <summary>Adds a node of one output, which has the node's name.</summary>
    public string Add(string op, string name, string[] inputs, AttributeProto[]? attributes = null, string domain = "")
    {
        var node = new NodeProto { OpType = op, Name = name, Domain = domain };
        node.Input.AddRange(inputs);
        node.Output.Add(name);
        node.Attribute.AddRange(attributes ?? []);
        _graph.Node.Add(node);
        if (domain.Length > 0)
            _domains.Add(domain);
        return name;
    }

    /// <summary>Adds constant singles, once a name.</summary>
    public string Constant(string name, float[] values, params long[] shape)
    {
        if (!_constants.Add(name))
            return name;
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
                throw new ExportException($"{name}: its scale and its normalisation together leave the range of single precision");
        }

        var tensor = new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Float };
        tensor.RawData = ByteString.CopyFrom(SafetensorsValues.ToBytes<float>(values));
        tensor.Dims.AddRange(shape);
        _graph.Initializer.Add(tensor);
        return name;
    }

    /// <summary>Adds constant integers, once a name.</summary>
    public string ConstantIntegers(string name, params long[] values)
    {
        if (!_constants.Add(name))
            return name;
        var tensor = new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Int64 };
        tensor.Dims.Add(values.Length);
        tensor.Int64Data.AddRange(values);
        _graph.Initializer.Add(tensor);
        return name;
    }

    /// <summary>Says which images it takes.</summary>
    public void Input(string name, TensorProto.Types.DataType type, ValueShape shape) =>
        _graph.Input.Add(Info(name, type, shape, isFlat: false));

    /// <summary>Says the size of a value, for who looks at the graph.</summary>
    public void Describe(string name, ValueShape shape, bool isFlat) =>
        _graph.ValueInfo.Add(Info(name, TensorProto.Types.DataType.Float, shape, isFlat));

    /// <summary>Says what its last node gives, by another name.</summary>
    public void Output(string name, ValueShape shape)
    {
        _graph.Node[^1].Output[0] = name;
        _graph.Output.Add(Info(name, TensorProto.Types.DataType.Float, shape, isFlat: true));
    }

    /// <summary>Says of a value that its singles are whole numbers, as QONNX does.</summary>
    public void Annotate(string value, string type)
    {
        var annotation = new TensorAnnotation { TensorName = value };
        annotation.QuantParameterTensorNames.Add(new StringStringEntryProto { Key = "finn_datatype", Value = type });
        _graph.QuantizationAnnotation.Add(annotation);
    }

    /// <summary>The whole model.</summary>
    /// <param name="properties">What it says of itself.</param>
    public ModelProto Model(IEnumerable<(string Key, string Value)> properties)
    {
        var model = new ModelProto { IrVersion = IrVersion, ProducerName = "ReSTE.Native", Graph = _graph };
        model.ProducerVersion = typeof(OnnxGraph).Assembly.GetName().Version?.ToString(3) ?? "";
        model.OpsetImport.Add(new OperatorSetIdProto { Version = Opset });
        model.OpsetImport.AddRange(_domains.Select(domain => new OperatorSetIdProto { Domain = domain, Version = 1 }));
        model.MetadataProps.AddRange(properties.Select(p => new StringStringEntryProto { Key = p.Key, Value = p.Value }));
        return model;
    }

    /// <summary>An attribute of integers.</summary>
    public static AttributeProto Integers(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    /// <summary>An attribute of one integer.</summary>
    public static AttributeProto Integer(string name, long value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    /// <summary>A tensor of singles that belongs to no node.</summary>
    public static TensorProto Tensor(string name, float value) =>
        new() { Name = name, DataType = (int)TensorProto.Types.DataType.Float, FloatData = { value } };

    private static ValueInfoProto Info(string name, TensorProto.Types.DataType type, ValueShape shape, bool isFlat)
    {
        var sizes = new TensorShapeProto();
        sizes.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = Batch });
        foreach (int size in isFlat ? (int[])[shape.Count] : [shape.Channels, shape.Height, shape.Width])
            sizes.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = size });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = sizes } },
        };
    }
}
