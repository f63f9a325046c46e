using ReSTE.Native.Checkpoints;

namespace ReSTE.Native.Engine.Tests.Reference;

/// <summary>
/// The recorded numbers of the published code: the files under RESTE_REFERENCE_DIR, or the repository's own copy beside the test program.
/// </summary>
internal static class ReferenceFiles
{
    /// <summary>Where the files are looked for.</summary>
    public static string Folder => Environment.GetEnvironmentVariable("RESTE_REFERENCE_DIR") is { Length: > 0 } folder
        ? System.IO.Path.GetFullPath(folder)
        : System.IO.Path.Combine(AppContext.BaseDirectory, "reference-data");

    /// <summary>Every file that matches, by its path inside the folder. None is an error: comparing nothing is not green.</summary>
    public static TheoryData<string> Matching(string pattern) => [.. Names(Folder, pattern)];

    public static IReadOnlyList<string> Names(string folder, string pattern)
    {
        string[] names = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
                .Select(path => System.IO.Path.GetRelativePath(folder, path))]
            : [];
        Assert.True(names.Length > 0, $"no reference file matches '{pattern}' under {folder} (RESTE_REFERENCE_DIR chooses the folder)");
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    public static string Path(string name) => System.IO.Path.Combine(Folder, name);

    public static SafetensorsFile Open(string name) => SafetensorsFile.Open(Path(name));
}
