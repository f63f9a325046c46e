using Microsoft.ML.OnnxRuntime;
using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.Onnx;

/// <summary>An ONNX model as ONNX Runtime runs it.</summary>
internal sealed class OnnxForm : IExportedForm
{
    private const int BatchSize = 64;

    private readonly InferenceSession _session;
    private readonly PackedInput _input;
    private readonly bool _takesBytes;

    /// <summary>Opens a model.</summary>
    /// <param name="path">Its file, for messages.</param>
    /// <param name="model">Its bytes, in standard operators.</param>
    /// <param name="threads">Threads to run it on; 0 for one a core.</param>
    /// <param name="remark">What to add to the reader's name.</param>
    /// <exception cref="ExportException">ONNX Runtime is missing, or refuses the model.</exception>
    public OnnxForm(string path, byte[] model, int threads, string remark = "")
    {
        Reader = $"ONNX Runtime {OnnxRuntimeLibrary.Version()}{remark}";
        try
        {
            using var options = new SessionOptions
            {
                IntraOpNumThreads = threads,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            };
            _session = new InferenceSession(model, options);
        }
        catch (OnnxRuntimeException problem)
        {
            throw new ExportException($"{path}: ONNX Runtime refuses it: {problem.Message.ReplaceLineEndings(" ")}");
        }

        if (!_session.InputMetadata.TryGetValue(OnnxNetwork.Image, out NodeMetadata? image) || image.Dimensions.Length != 4
            || !_session.OutputMetadata.ContainsKey(OnnxNetwork.Scores))
        {
            throw new ExportException($"{path}: is not a network of this program: it has no images in, or no scores out");
        }

        _input = new PackedInput(image.Dimensions[2], image.Dimensions[3], image.Dimensions[1], [], []);
        _takesBytes = image.ElementType == typeof(byte);
    }

    /// <inheritdoc/>
    public string Reader { get; }

    /// <inheritdoc/>
    public float[][] Logits(ReadOnlySpan<byte> images)
    {
        var scores = new float[images.Length / _input.Bytes][];
        for (int first = 0; first < scores.Length; first += BatchSize)
        {
            int count = Math.Min(BatchSize, scores.Length - first);
            float[] batch = Run(images.Slice(first * _input.Bytes, count * _input.Bytes), count);
            int classes = batch.Length / count;
            for (int i = 0; i < count; i++)
                scores[first + i] = batch[(i * classes)..((i + 1) * classes)];
        }

        return scores;
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private float[] Run(ReadOnlySpan<byte> images, int count)
    {
        var planes = new byte[images.Length];
        for (int i = 0; i < count; i++)
            ChannelsFirst.Image(images.Slice(i * _input.Bytes, _input.Bytes), _input, planes.AsSpan(i * _input.Bytes, _input.Bytes));
        long[] shape = [count, _input.Channels, _input.Height, _input.Width];
        using OrtValue image = _takesBytes
            ? OrtValue.CreateTensorValueFromMemory(planes, shape)
            : OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(planes, b => (float)b), shape);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(options, [OnnxNetwork.Image], [image], [OnnxNetwork.Scores]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
