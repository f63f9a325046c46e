using System.Globalization;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Host;

/// <summary>What --device asks for; Index is null for "cuda" without a number.</summary>
internal readonly record struct DeviceRequest(bool IsAuto, DeviceKind Kind, int? Index)
{
    private static readonly string[] Known = ["auto", "cpu", "cuda", "cuda:0"];

    public static DeviceRequest Auto { get; } = new(true, DeviceKind.Cpu, null);

    public static DeviceRequest Cpu { get; } = new(false, DeviceKind.Cpu, null);

    public static DeviceRequest Parse(string text) => text switch
    {
        "auto" => Auto,
        "cpu" => Cpu,
        "cuda" => new(false, DeviceKind.Cuda, null),
        _ when text.StartsWith("cuda:", StringComparison.Ordinal) => new(false, DeviceKind.Cuda, Number(text[5..])),
        _ => throw new FormatException($"'{text}' is not auto, cpu, cuda or cuda:N; {NearestName.Hint(text, Known)}"),
    };

    /// <summary>The GPUs that --gpus names, by their physical numbers.</summary>
    public static IReadOnlyList<int> ParseGpus(string text) => [.. text.Split(',').Select(part => Number(part.Trim()))];

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"'{text}' is not the number of a GPU");
}
