using System.Text;
using System.Text.RegularExpressions;
using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Engine.Tests.Operations;
using ReSTE.Native.Operations;
using ReSTE.Native.Randomness;

namespace ReSTE.Native.Engine.Tests.Cuda;

/// <summary>
/// The argument structs of the host against the kernels: with the source, names and types in order, so that two swapped pointers are seen;
/// with the compiled text, count, size and kind. Needs no device.
/// </summary>
public sealed class SignatureTests
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
        ["PixelTile"] = typeof(PixelTileArgument),
        ["SignLayers"] = typeof(SignLayersArgument),
        ["UnitWeightGrads"] = typeof(UnitWeightGradsArgument),
        ["PreviousUnit"] = typeof(PreviousUnitArgument),
        ["PaddedGradient"] = typeof(PaddedGradientArgument),
        ["NormShortcut"] = typeof(NormShortcutArgument),
        ["AppliedUnit"] = typeof(AppliedUnitArgument),
    };

    public static TheoryData<string> Structs => [.. ArgumentTypes().Select(t => t.Name)];

    [Fact]
    public void Every_kernel_has_a_struct() =>
        Assert.Equal(KernelSources.Entries.Select(e => e.Name).Order(StringComparer.Ordinal),
            ArgumentTypes().Select(Entry).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Structs))]
    public void A_struct_agrees_with_the_source(string name)
    {
        Type type = ArgumentTypes().Single(t => t.Name == name);
        AssertAgrees(type, KernelSources.Entries.Single(e => e.Name == Entry(type)));
    }

    internal static void AssertAgrees(Type type, KernelSource source)
    {
        KernelParameter[] parameters = KernelLayout.Measure(type);
        Assert.Equal(source.Name, Entry(type));
        Assert.Equal(source.Parameters.Select(p => Pascal(p.Name)), parameters.Select(p => p.Name));
        Assert.Equal(source.Parameters.Select(p => Types[p.Type]), parameters.Select(p => p.Type));
    }

    [Theory]
    [MemberData(nameof(Structs))]
    public void A_struct_agrees_with_the_compiled_text(string name)
    {
        Type type = ArgumentTypes().Single(t => t.Name == name);
        KernelSource source = KernelSources.Entries.Single(e => e.Name == Entry(type));
        byte[] image = Compiled(source.File);
        Match entry = Regex.Match(Encoding.ASCII.GetString(image), $@"\.visible \.entry {source.Name}\((?<parameters>[^)]*)\)");
        Assert.True(entry.Success, $"no entry {source.Name}");
        Assert.Equal(source.Block, KernelText.Of(image).Blocks[source.Name]);
        string[] compiled = [.. entry.Groups["parameters"].Value.Split(",\n", StringSplitOptions.TrimEntries).Select(Kind)];
        Assert.Equal(KernelLayout.Measure(type).Select(Kind), compiled);
    }

    [Fact]
    public void The_geometry_agrees_with_the_source() => Assert.Equal(
        KernelSources.Fields("conv_geometry.cuh", "ConvGeometry").Select(Pascal),
        KernelLayout.Measure(typeof(ConvGeometryArgument)).Select(p => p.Name));

    [Fact]
    public void The_tile_of_pixels_agrees_with_the_source() => Assert.Equal(
        KernelSources.Fields("pixel_tile.cuh", "PixelTile").Select(Pascal),
        KernelLayout.Measure(typeof(PixelTileArgument)).Select(p => p.Name));

    [Theory]
    [InlineData("sign_layers", "SignLayer", typeof(SignLayerArgument))]
    [InlineData("unit_weight_grads_mma", "UnitWeightGrad", typeof(UnitWeightGradArgument))]
    [InlineData("previous_unit.cuh", "PreviousUnit", typeof(PreviousUnitArgument))]
    [InlineData("input_grad_mma.cuh", "PaddedGradient", typeof(PaddedGradientArgument))]
    [InlineData("norm_apply.cuh", "NormShortcut", typeof(NormShortcutArgument))]
    [InlineData("unit_next_mma", "AppliedUnit", typeof(AppliedUnitArgument))]
    public void A_struct_of_pointers_agrees_with_the_source(string file, string name, Type type)
    {
        KernelParameter[] fields = KernelLayout.Measure(type);
        (string Type, string Name)[] declared = KernelSources.Struct(file, name);
        Assert.Equal(declared.Select(f => Pascal(f.Name)), fields.Select(p => p.Name));
        Assert.Equal(declared.Select(f => Types[f.Type]), fields.Select(p => p.Type));
    }

    [Theory]
    [InlineData("sign_layers", "sign_layers_most", SignLayersArgument.Most)]
    [InlineData("unit_weight_grads_mma", "weight_grads_most", UnitWeightGradsArgument.Most)]
    [InlineData("sign_layers", "sign_layers_blocks", CudaCommonMemory.MostLayerBlocks)]
    [InlineData("conv", "conv_tile_rows", 32 * 4)]
    [InlineData("conv", "conv_tile_columns", 16)]
    [InlineData("sign_conv", "conv_tile_rows", 32 * 4)]
    [InlineData("binary_conv_mma", "xnor_pixels", 128)]
    [InlineData("binary_conv_mma", "xnor_filters", 32)]
    [InlineData("binary_conv_mma", "xnor_most_words", 1024)]
    [InlineData("binary_conv_mma", "xnor_most_taps", 7)]
    [InlineData("binary_conv_input_grad_mma", "pixel_tile_log", 7)]
    [InlineData("binary_conv_weight_grad_mma", "pixel_tile_log", 7)]
    [InlineData("conv_mma", "real_rows", 128)]
    [InlineData("conv_mma", "real_columns", 64)]
    [InlineData("conv_mma", "narrow_real_columns", 32)]
    [InlineData("conv_weight_grad_mma", "filter_rows", 64)]
    [InlineData("conv_weight_grad_mma", "filter_columns", 64)]
    [InlineData("conv_weight_grad_mma", "narrow_filter_columns", 32)]
    [InlineData("image_conv", "image_conv_outputs", 16)]
    [InlineData("image_conv", "image_conv_tiles", 4)]
    [InlineData("image_conv_weight_grad", "image_conv_outputs", 16)]
    [InlineData("slice_sum", "slice_sum_weights", 32)]
    [InlineData("linear", "linear_weight_values", 32)]
    [InlineData("linear_gradients", "linear_gradient_values", 32)]
    [InlineData("linear_gradients", "sum_tile_channels", 16)]
    [InlineData("linear_loss", "linear_loss_rows", 4)]
    [InlineData("linear_loss", "linear_loss_inputs", 512)]
    [InlineData("linear_loss", "linear_loss_classes", 32)]
    [InlineData("average_pool", "sum_tile_channels", 16)]
    [InlineData("unit_conv_mma", "unit_most_count", 11585)]
    [InlineData("unit_conv_mma", "xnor_pixels", 128)]
    [InlineData("unit_next_mma", "xnor_pixels", 128)]
    [InlineData("unit_next_mma", "xnor_filters", 32)]
    [InlineData("unit_next_mma", "next_most_filters", 64)]
    [InlineData("unit_next_mma", "next_most_words", 64)]
    [InlineData("binary_conv", "weight_tile_rows", 32 * 2)]
    [InlineData("binary_conv", "weight_tile_columns", 16)]
    [InlineData("batch_norm", "sum_tile_channels", 16)]
    [InlineData("channel_scale", "sum_tile_channels", 16)]
    public void What_the_host_makes_grids_of_stands_in_the_compiled_text(string file, string name, uint value) =>
        Assert.Equal(value, KernelText.Of(Compiled(file)).Constants[name]);

    [Fact]
    public void Numbers_that_mean_something_agree_with_the_source()
    {
        Assert.Equal((long)GradMode.None, KernelSources.Constant("relu", "kGradNone"));
        Assert.Equal((long)GradMode.Write, KernelSources.Constant("relu", "kGradWrite"));
        Assert.Equal((long)GradMode.Add, KernelSources.Constant("relu", "kGradAdd"));
        Assert.Equal((long)RandomStream.Augmentation, KernelSources.Constant("image_batch", "kStreamAugmentation"));
    }

    [Fact]
    public void Slopes_agree_with_the_table_in_the_source()
    {
        IEnumerable<(int Number, string Name)> kinds = SlopeKinds.All.Select(k => (k.Number, k.Name)).OrderBy(k => k.Number);
        Assert.Equal(kinds, KernelSources.Slopes.Select(row => (row.Number, row.Name)));
    }

    [Fact]
    public void A_slope_has_a_file_of_its_name_with_its_type() => Assert.All(KernelSources.Slopes, row =>
        Assert.Matches($@"\bstruct {row.Type}\b", KernelSources.Read($"slopes/{row.Name}.cuh")));

    private static IEnumerable<Type> ArgumentTypes() =>
        typeof(IKernelArgs).Assembly.GetTypes().Where(t => t.IsValueType
            && t.IsAssignableTo(typeof(IKernelArgs))).OrderBy(t => t.Name, StringComparer.Ordinal);

    private static string Entry(Type type) => KernelModules.EntryOf(type.Name);

    /// <summary>The text that nvcc made of a file.</summary>
    private static byte[] Compiled(string file)
    {
        byte[]? image = KernelImages.Embedded.Find($"{file}.ptx");
        Assert.SkipWhen(image == null, KernelImages.Embedded.Describe());
        return image;
    }

    private static string Pascal(string snake) =>
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
