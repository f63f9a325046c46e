using ReSTE.Native.Export.Onnx;
using ReSTE.Native.Export.Safetensors;

namespace ReSTE.Native.Export;

/// <summary>Every form that a trained network can be written in.</summary>
public static class ExportFormats
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<IExportFormat> All { get; } =
    [
        new PackedFormat(), new CHeaderFormat(), new OnnxFormat(), new QonnxFormat(), new SafetensorsFormat(), new HtmlFormat(),
    ];
}
