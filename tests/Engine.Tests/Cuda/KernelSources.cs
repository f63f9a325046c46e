using System.Globalization;
using System.Text.RegularExpressions;

namespace ReSTE.Native.Engine.Tests.Cuda;

/// <summary>The text of the kernels, as far as the host must agree with it: entries with their parameters, constants, structs.</summary>
internal static partial class KernelSources
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "kernels");

    private static readonly string BrokenFolder = Path.Combine(AppContext.BaseDirectory, "broken");

    /// <summary>Names of the .cu files, without suffix.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Directory.GetFiles(Folder, "*.cu")
        .Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    /// <summary>Whether a file, or an entry, is of packed networks: those are the inference package's.</summary>
    public static bool IsOfPackedNetworks(string name) => name.StartsWith("packed_", StringComparison.Ordinal);

    /// <summary>Every entry of every file.</summary>
    public static IReadOnlyList<KernelSource> Entries { get; } = [.. Files.SelectMany(EntriesOf)];

    /// <summary>The entry of one of the broken kernels.</summary>
    public static KernelSource Broken(string file) => Assert.Single(EntriesOf(Path.Combine(BrokenFolder, file)));

    /// <summary>The value of a constant in a file or in what it includes, sums and products of constants included.</summary>
    public static long Constant(string file, string name)
    {
        Match found = Regex.Match(Text(file), $@"constexpr \w+ {name} = ([^;]+);");
        Assert.True(found.Success, $"{file}: no constant {name}");
        return found.Groups[1].Value.Split('*').Aggregate(1L, (product, factor) => product * Value(file, factor.Trim()));
    }

    /// <summary>Names of a struct's fields, in order.</summary>
    public static string[] Fields(string file, string type)
    {
        Match found = Regex.Match(Text(file), $@"struct {type}\s*\{{\s*uint32_t ([^;]+);\s*\}}");
        Assert.True(found.Success, $"{file}: no struct {type} of uint32_t");
        return [.. found.Groups[1].Value.Split(',').Select(f => f.Trim())];
    }

    /// <summary>A struct's fields with their types, in order.</summary>
    public static (string Type, string Name)[] Struct(string file, string type)
    {
        Match found = Regex.Match(Comments().Replace(Text(file), ""), $@"struct {type}\s*\{{([^}}]*)\}}");
        Assert.True(found.Success, $"{file}: no struct {type}");
        return
        [
            .. found.Groups[1].Value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Where(line => !line.StartsWith("static", StringComparison.Ordinal))
                .SelectMany(line => line.Split(',').Select(name => (Parameter(line.Split(',')[0]).Type, Parameter(name).Name))),
        ];
    }

    /// <summary>The rows of the table of slopes.</summary>
    public static IReadOnlyList<(int Number, string Name, string Type)> Slopes { get; } =
    [
        .. SlopeRow().Matches(Read("slopes.cuh"))
            .Select(m => (int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture), m.Groups[2].Value, m.Groups[3].Value)),
    ];

    /// <summary>The text of a file.</summary>
    public static string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));

    private static long Value(string file, string text) =>
        long.TryParse(text.TrimEnd('u'), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : Constant(file, text);

    private static IEnumerable<KernelSource> EntriesOf(string file)
    {
        foreach (Match entry in EntryPattern().Matches(Comments().Replace(File.ReadAllText(Path.Combine(Folder, file + ".cu")), "")))
        {
            string[] parameters = entry.Groups["parameters"].Value.Split(',', StringSplitOptions.TrimEntries);
            yield return new KernelSource(Path.GetFileName(file), entry.Groups["name"].Value, Constant(file, entry.Groups["bound"].Value),
                [.. parameters.Select(Parameter)]);
        }
    }

    private static (string Type, string Name) Parameter(string text)
    {
        string[] words = text.Replace("__restrict__", "", StringComparison.Ordinal).Replace("const ", "", StringComparison.Ordinal)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (words[0], words[^1]);
    }

    /// <summary>A file with all it includes.</summary>
    private static string Text(string file)
    {
        string path = Path.Combine(Folder, Path.HasExtension(file) ? file : file + ".cu");
        string text = File.ReadAllText(path);
        return text + string.Concat(Include().Matches(text).Select(m => Text(m.Groups[1].Value)));
    }

    [GeneratedRegex("""extern "C" __global__ void __launch_bounds__\((?<bound>\w+)(, \w+)?\) (?<name>\w+)\((?<parameters>[^)]*)\)""")]
    private static partial Regex EntryPattern();

    [GeneratedRegex(@"ROW\((\d+), (\w+), (\w+)\)")]
    private static partial Regex SlopeRow();

    [GeneratedRegex("//[^\n]*")]
    private static partial Regex Comments();

    [GeneratedRegex("""#include "([\w/]+\.cuh)" *""")]
    private static partial Regex Include();
}

/// <summary>One entry as its source declares it.</summary>
internal sealed record KernelSource(string File, string Name, long Block, IReadOnlyList<(string Type, string Name)> Parameters);
