using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using ReSTE.Native.Devices.Cuda;

namespace ReSTE.Native.Engine.Tests.Cuda;

/// <summary>Compares argument structs with the kernels that they are for.</summary>
internal static class Signatures
{
    private static readonly Dictionary<string, Type> Types = new()
    {
        ["float*"] = typeof(Ptr<float>),
        ["double*"] = typeof(Ptr<double>),
        ["uint4*"] = typeof(Ptr<UInt128>),
        ["uint8_t*"] = typeof(Ptr<byte>),
        ["int16_t*"] = typeof(Ptr<short>),
        ["uint64_t*"] = typeof(Ptr<ulong>),
        ["int32_t*"] = typeof(Ptr<int>),
        ["int64_t*"] = typeof(Ptr<long>),
        ["uint32_t*"] = typeof(Ptr<uint>),
        ["uint32_t"] = typeof(uint),
        ["float"] = typeof(float),
        ["double"] = typeof(double),
        ["ConvGeometry"] = typeof(ConvGeometryArgument),
    };

    /// <summary>The argument structs of an assembly, by name.</summary>
    public static IEnumerable<Type> ArgumentTypes(Assembly assembly) => assembly.GetTypes()
        .Where(t => t.IsValueType && t.IsAssignableTo(typeof(IKernelArgs))).OrderBy(t => t.Name, StringComparer.Ordinal);

    /// <summary>The name of its kernel.</summary>
    public static string EntryOf(Type type) => KernelModules.EntryOf(type.Name);

    /// <summary>Its kernel's source.</summary>
    public static KernelSource SourceOf(Type type) => KernelSources.Entries.Single(e => e.Name == EntryOf(type));

    /// <summary>With the source, names and types in order, so that two swapped pointers are seen.</summary>
    public static void AssertAgrees(Type type, KernelSource source, IReadOnlyDictionary<string, Type> byValue)
    {
        Assert.Equal(source.Name, EntryOf(type));
        AssertAgrees(type, source.Parameters, byValue);
    }

    /// <summary>The same of a struct that is one parameter.</summary>
    public static void AssertAgrees(
        Type type, IEnumerable<(string Type, string Name)> declared, IReadOnlyDictionary<string, Type> byValue)
    {
        KernelParameter[] fields = KernelLayout.Measure(type);
        Assert.Equal(declared.Select(f => Pascal(f.Name)), fields.Select(p => p.Name));
        Assert.Equal(declared.Select(f => Types.TryGetValue(f.Type, out Type? known) ? known : byValue[f.Type]),
            fields.Select(p => p.Type));
    }

    /// <summary>With the compiled text, count, size and kind.</summary>
    public static void AssertCompiled(Type type, byte[] image)
    {
        KernelSource source = SourceOf(type);
        Match entry = Regex.Match(Encoding.ASCII.GetString(image), $@"\.visible \.entry {source.Name}\((?<parameters>[^)]*)\)");
        Assert.True(entry.Success, $"no entry {source.Name}");
        Assert.Equal(source.Block, KernelText.Of(image).Blocks[source.Name]);
        string[] compiled = [.. entry.Groups["parameters"].Value.Split(",\n", StringSplitOptions.TrimEntries).Select(Kind)];
        Assert.Equal(KernelLayout.Measure(type).Select(Kind), compiled);
    }

    /// <summary>A kernel's name for a parameter as the host writes it.</summary>
    public static string Pascal(string snake) =>
        string.Concat(snake.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static string Kind(KernelParameter p) =>
        p.Type == typeof(uint) ? "u32" : p.Type == typeof(float) ? "f32" : p.Type == typeof(double) ? "f64" : p.Type.IsGenericType ? "u64"
            : $"b8[{p.Size}]";

    /// <summary>".param .u64 name" is u64, ".param .align 4 .b8 name[40]" is b8[40].</summary>
    private static string Kind(string parameter)
    {
        Match found = Regex.Match(parameter, @"^\.param (\.align \d+ )?\.(?<kind>\w+) \w+(?<size>\[\d+\])?$");
        Assert.True(found.Success, parameter);
        return found.Groups["kind"].Value + found.Groups["size"].Value;
    }
}
