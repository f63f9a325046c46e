using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ReSTE.Native.Devices.Cpu;

namespace ReSTE.Native.Host;

/// <summary>One row of `bench limits`, in snake case: multiply-adds or bytes a second, of all threads together.</summary>
internal sealed record MachineLimit(
    string Work, string Unit, int VectorBits, string? Memory, long Bytes, int Threads, double PerS)
{
    public static MachineLimit Of(CpuLimit limit) => new(
        JsonNamingPolicy.SnakeCaseLower.ConvertName(limit.Work.ToString()), limit.Work is CpuWork.Copy or CpuWork.Read ? "GB/s" : "G/s",
        limit.VectorBits, limit.Memory, limit.Bytes, limit.Threads, limit.PerSecond);
}

/// <summary>What `bench limits` writes as JSON.</summary>
internal sealed record MachineLimits(
    int Threads, IReadOnlyList<MachineLimit> Limits, double? LoadAverage, string Cpu, string Runtime, string Version)
{
    private static readonly MachineLimitsJson s_json =
        new(new JsonSerializerOptions(MachineLimitsJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static MachineLimits Of(int threads, IEnumerable<CpuLimit> limits) => new(
        threads, [.. limits.Select(MachineLimit.Of)], Machine.LoadAverage, Machine.Processor, Machine.Runtime, BuildInfo.Version);

    public string Json() => JsonSerializer.Serialize(this, s_json.MachineLimits);
}

/// <summary>Writes them; generated when the program is built.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(MachineLimits))]
internal sealed partial class MachineLimitsJson : JsonSerializerContext;
