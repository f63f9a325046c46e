using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ReSTE.Native.Tapes;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>
/// What `bench step` writes as JSON, in snake case. Peak MB (10^6 bytes) is the most memory the process held at once, without the images;
/// managed bytes are those that a steady step allocates. A step has a breakdown where the device tells its operations one by one.
/// </summary>
internal sealed record StepTimes(
    string Model, string Dataset, string Estimator, bool A32, bool Evaluates, int Batch, string Device, string DeviceName, int Threads,
    int Warmup, int Steps, double MsMedian, double MsMin, double MsMax, double ImagesPerS, double PeakMb, long ManagedBytes, long? Launches,
    double? LoadAverage, string Cpu, string Runtime, string Version,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] StepBreakdown? Breakdown)
{
    // The file is no web page: a version's plus sign stays one.
    private static readonly StepTimesJson s_json =
        new(new JsonSerializerOptions(StepTimesJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static StepTimes Of(Recipe recipe, DeviceChoice device, int warmup, StepTiming timing, IStepBenchmark benchmark, long peak,
        StepBreakdown? breakdown)
    {
        var sorted = timing.Milliseconds.Order().ToArray();
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new(recipe.Model, recipe.Dataset, recipe.Estimator, recipe.RealActivations, benchmark.Evaluates, recipe.BatchSize,
            device.Name, benchmark.Device, device.Threads, warmup, sorted.Length, median, sorted[0], sorted[^1],
            recipe.BatchSize * 1000 / median, Math.Max(0, peak - benchmark.DatasetBytes) / 1e6, timing.ManagedBytes, benchmark.Launches,
            Machine.LoadAverage, Machine.Processor, Machine.Runtime, BuildInfo.Version, breakdown);
    }

    public string Json() => JsonSerializer.Serialize(this, s_json.StepTimes);
}

/// <summary>Writes step times; generated when the program is built.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters = [typeof(StepDirectionWord)])]
[JsonSerializable(typeof(StepTimes))]
internal sealed partial class StepTimesJson : JsonSerializerContext;

/// <summary>Directions in small letters.</summary>
internal sealed class StepDirectionWord() : JsonStringEnumConverter<StepDirection>(JsonNamingPolicy.SnakeCaseLower);
