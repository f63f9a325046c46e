using ReSTE.Native.Checkpoints;
using ReSTE.Native.Images.Resizing;

namespace ReSTE.Native.Images.Tests.Reference;

/// <summary>
/// Images with the pixels that torchvision makes of them: those under RESTE_REFERENCE_DIR/transforms, or else the repository's own, which
/// are drawn, and the photographs of RESTE_TRANSFORMS_DIR, which are no part of it.
/// </summary>
internal static class ReferenceImages
{
    private const string Expected = ".expected.safetensors";

    /// <summary>The drawn images' folder.</summary>
    public static string Folder => Environment.GetEnvironmentVariable("RESTE_REFERENCE_DIR") is { Length: > 0 } folder
        ? System.IO.Path.Combine(System.IO.Path.GetFullPath(folder), "transforms")
        : System.IO.Path.Combine(AppContext.BaseDirectory, "reference-data", "transforms");

    /// <summary>The photographs' folder; null where there is none.</summary>
    public static string? Photographs => Environment.GetEnvironmentVariable("RESTE_TRANSFORMS_DIR") is { Length: > 0 } folder
        ? System.IO.Path.GetFullPath(folder)
        : null;

    /// <summary>Images of a folder, in the order of their names. None is an error: comparing nothing is not green.</summary>
    public static IReadOnlyList<string> In(string folder)
    {
        string[] images = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*" + Expected).Select(path => path[..^Expected.Length]).Order(StringComparer.Ordinal)]
            : [];
        Assert.True(images.Length > 0, $"no image with its recorded pixels under {folder}");
        return images;
    }

    /// <summary>The repository's own image of a name.</summary>
    public static string Own(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "reference-data", "transforms", name);

    /// <summary>What was recorded of an image.</summary>
    public static (ReferenceCrop Crop, byte[] Test, byte[] Train) Open(string image)
    {
        var file = SafetensorsFile.Open(image + Expected);
        int Number(string name) => int.Parse(file.Metadata[name], System.Globalization.CultureInfo.InvariantCulture);
        var part = new Box(Number("crop_left"), Number("crop_top"), Number("crop_width"), Number("crop_height"));
        return (new(Number("width"), Number("height"), part, file.Metadata["flip"] == "True"),
            file.Data("val_u8_hwc").ToArray(), file.Data("train_u8_hwc").ToArray());
    }
}

/// <summary>Size of an image, the part that its training form shows, and whether that is mirrored.</summary>
internal sealed record ReferenceCrop(int Width, int Height, Box Part, bool Flip);
