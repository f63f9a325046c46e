using ReSTE.Native.Packed;

namespace ReSTE.Native.Package.Tests;

/// <summary>What samples/Predict is given, and what it prints.</summary>
internal static class PredictingSample
{
    private const int Pixels = 16;

    /// <summary>Its lines, for a dark image and a light one.</summary>
    public static string[] Lines { get; } = ["0 dark 0.8808", "1 light 0.8808"];

    /// <summary>Writes a network and two images into a folder; returns their names.</summary>
    public static string[] Files(string folder)
    {
        string[] names = ["net.bnn", "images"];
        File.WriteAllBytes(Path.Combine(folder, names[0]), PackedFile.Write(DarkOrLight()));
        byte[] dark = [.. Enumerable.Repeat((byte)10, Pixels)], light = [.. Enumerable.Repeat((byte)250, Pixels)];
        File.WriteAllBytes(Path.Combine(folder, names[1]), [.. dark, .. light]);
        return names;
    }

    // Counts how many signs of an image's pixels are -1: dark ones are.
    private static PackedNetwork DarkOrLight() => new("dark_or_light", "made up", new(4, 4, 1, [1 / 255f], [-0.5f]), ["dark", "light"],
    [
        new SignConv("count", 0, new(1, 4, 1, 0), [0], new CountNumbers([1f / Pixels], PackedActivation.None, null, null)),
        new LinearLayer("scores", 1, new RealValues([-1, 1]), [0, 0]),
    ]);
}
