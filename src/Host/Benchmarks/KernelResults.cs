using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ReSTE.Native.Devices;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>
/// What `bench kernels` writes as JSON, in snake case, and reads again as a baseline. Files of another form have other fields.
/// </summary>
internal sealed record KernelResults(int Form, string Device, int Batch, int Repetitions, MeasuredRates Rates,
    IReadOnlyList<string> Libraries, double? LoadAverage, string Runtime, string Version, IReadOnlyList<KernelRow> Rows)
{
    public const int CurrentForm = 1;

    // The file is no web page: a version's plus sign stays one.
    private static readonly KernelResultsJson s_json =
        new(new JsonSerializerOptions(KernelResultsJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public string Json() => JsonSerializer.Serialize(this, s_json.KernelResults);

    /// <summary>Reads what <see cref="Json"/> wrote. Throws <see cref="JsonException"/> for what is none.</summary>
    public static KernelResults Read(string json) =>
        JsonSerializer.Deserialize(json, s_json.KernelResults) ?? throw new JsonException("it holds null");
}

/// <summary>What the device does at most, measured: gigabytes copied and 10^12 operations a second, two a multiply-add.</summary>
internal sealed record MeasuredRates(double CopyGbS, double BitsTops, double SignTops, double RealTops)
{
    public static MeasuredRates Of(DeviceRates rates) =>
        new(rates.Bytes / 1e9, 2 * rates.Bits / 1e12, 2 * rates.Sign / 1e12, 2 * rates.Real / 1e12);
}

/// <summary>
/// One kernel at the shapes of one layer, and how many launches of a step are like it. Gigabytes and 10^12 operations a second, two a
/// multiply-add, are of the warm time. The shares are what its bytes would take at the rate of a copy, and its multiply-adds at the rates
/// measured for their kinds, over that time. Of products and convolutions forward, the same of reals by other libraries; null where it was
/// not timed.
/// </summary>
internal sealed record KernelRow(string Kernel, string Layer, string Dataset, string Model, IReadOnlyList<uint> Grid, uint Block, int Count,
    long Bytes, long Bits, long Sign, long Real, TimeSpread Cold, TimeSpread Warm, double GbS, double Tops, double CopyShare,
    double MatrixShare, double? CublasUs, double? CudnnUs)
{
    public static KernelRow Of(Recipe recipe, DistinctLaunch distinct, KernelTimes times, DeviceRates rates)
    {
        KernelLaunch l = distinct.Launch;
        TimeSpread cold = TimeSpread.Of(times.Cold), warm = TimeSpread.Of(times.Warm);
        // A clock may be too coarse to see what is over at once.
        double seconds = Math.Max(warm.MedianUs, 1e-3) / 1e6;
        return new(l.Kernel, l.Layer, recipe.Dataset, recipe.Model, [l.GridX, l.GridY, l.GridZ], l.Block, distinct.Count, l.Work.Bytes,
            l.Work.Bits, l.Work.Sign, l.Work.Real, cold, warm, l.Work.Bytes / seconds / 1e9, 2 * l.Work.Products / seconds / 1e12,
            rates.Floor(new(l.Work.Bytes)) / seconds, rates.Matrix(l.Work) / seconds, Median(times.Float.Product),
            Median(times.Float.Convolution));
    }

    private static double? Median(IReadOnlyList<double>? seconds) => seconds is null ? null : TimeSpread.Of(seconds).MedianUs;
}

/// <summary>Repetitions in microseconds: on a GPU by its own events, on the CPU of all threads together.</summary>
internal sealed record TimeSpread(double MedianUs, double MinUs, double MaxUs, int Repetitions)
{
    public static TimeSpread Of(IReadOnlyList<double> seconds)
    {
        var sorted = seconds.Select(s => s * 1e6).Order().ToArray();
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new(median, sorted[0], sorted[^1], sorted.Length);
    }
}

/// <summary>Writes and reads results; generated when the program is built.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(KernelResults))]
internal sealed partial class KernelResultsJson : JsonSerializerContext;
