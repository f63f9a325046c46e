using System.Text.Json;

namespace ReSTE.Native.Account;

/// <summary>What kind of numbers are multiplied: signs with signs, reals with signs, reals with reals.</summary>
internal enum WorkKind
{
    Bits,
    Sign,
    Real,
}

/// <summary>One launch of a step: blocks, threads in a block, bytes of device memory that it must touch, multiply-adds by kind.</summary>
internal sealed record Launch(string Kernel, string Layer, long Blocks, int Threads, double Bytes, double Bits, double Sign, double Real)
{
    public double Warps => Blocks * Math.Ceiling(Threads / 32.0);

    public double Work => Bits + Sign + Real;

    /// <summary>Whether it takes reals in three parts of bf16: forward convolutions do.</summary>
    public bool KeepsAllBits => Kernel.StartsWith("conv_mma", StringComparison.Ordinal)
        || Kernel.StartsWith("sign_conv_mma", StringComparison.Ordinal);

    public double Of(WorkKind kind) => kind switch { WorkKind.Bits => Bits, WorkKind.Sign => Sign, _ => Real };
}

/// <summary>The launches of one training step, as <c>reste bench kernels --list --json FILE</c> writes them.</summary>
internal sealed record Step(string Model, string Dataset, int Batch, IReadOnlyList<Launch> Launches)
{
    public static Step Read(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement root = document.RootElement;
        return new(Text(root, "model"), Text(root, "dataset"), root.GetProperty("batch").GetInt32(),
            [.. root.GetProperty("launches").EnumerateArray().Select(Read)]);
    }

    private static Launch Read(JsonElement launch)
    {
        JsonElement grid = launch.GetProperty("grid");
        long blocks = grid.EnumerateArray().Aggregate(1L, (product, size) => product * size.GetInt64());
        return new(Text(launch, "kernel"), Text(launch, "layer"), blocks, launch.GetProperty("block").GetInt32(), Number(launch, "bytes"),
            Number(launch, "bits"), Number(launch, "sign"), Number(launch, "real"));
    }

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? value.GetString() ?? "" : "";

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();
}
