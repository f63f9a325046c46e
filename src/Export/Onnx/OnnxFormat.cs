using Google.Protobuf;
using Onnx;

namespace ReSTE.Native.Export.Onnx;

/// <summary>ONNX in standard operators of opset 17, as ONNX Runtime and others run it: float arithmetic, float size.</summary>
public sealed class OnnxFormat : IExportFormat
{
    /// <inheritdoc/>
    public string Name => "onnx";

    /// <inheritdoc/>
    public bool IsExact => false;

    /// <inheritdoc/>
    public void Write(ExportSource source, ExportOptions options, Stream target) =>
        OnnxNetwork.Write(Folding.Of(source, options.Classes, thresholds: false), new StandardSigns()).WriteTo(target);

    /// <inheritdoc/>
    public IExportedForm Open(string path, int threads) => new OnnxForm(path, File.ReadAllBytes(path), threads);
}

/// <summary>
/// ONNX with the BipolarQuant nodes of QONNX, for FINN, hls4ml and whatever else reads QONNX. ONNX Runtime does not know these nodes: to be
/// compared with the engine, they are replaced by standard operators in memory.
/// </summary>
public sealed class QonnxFormat : IExportFormat
{
    /// <inheritdoc/>
    public string Name => "qonnx";

    /// <inheritdoc/>
    public bool IsExact => false;

    /// <inheritdoc/>
    public void Write(ExportSource source, ExportOptions options, Stream target) =>
        OnnxNetwork.Write(Folding.Of(source, options.Classes, thresholds: false), new BipolarSigns()).WriteTo(target);

    /// <inheritdoc/>
    public IExportedForm Open(string path, int threads)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        }
        catch (InvalidProtocolBufferException problem)
        {
            throw new ExportException($"{path}: is no ONNX file, or damaged: {problem.Message.ReplaceLineEndings(" ")}");
        }

        if (model.Graph == null)
            throw new ExportException($"{path}: is no ONNX file, or damaged: it has no graph");
        return new OnnxForm(path, BipolarSigns.Standard(model).ToByteArray(), threads, ", BipolarQuant as Where");
    }
}
