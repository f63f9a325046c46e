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
    private static readonly Dictionary<string, Type> ByValue = new()
    {
        ["PixelTile"] = typeof(PixelTileArgument),
        ["SignLayers"] = typeof(SignLayersArgument),
        ["UnitWeightGrads"] = typeof(UnitWeightGradsArgument),
        ["PreviousUnit"] = typeof(PreviousUnitArgument),
        ["PaddedGradient"] = typeof(PaddedGradientArgument),
        ["NormShortcut"] = typeof(NormShortcutArgument),
        ["AppliedUnit"] = typeof(AppliedUnitArgument),
    };

    public static TheoryData<string> Structs => [.. ArgumentTypes().Select(t => t.Name)];

    // Those of packed networks are the inference package's, whose tests have the like.
    [Fact]
    public void Every_kernel_has_a_struct() =>
        Assert.Equal(KernelSources.Entries.Select(e => e.Name).Where(name => !KernelSources.IsOfPackedNetworks(name))
            .Order(StringComparer.Ordinal), ArgumentTypes().Select(Signatures.EntryOf).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Structs))]
    public void A_struct_agrees_with_the_source(string name) =>
        AssertAgrees(TypeOf(name), Signatures.SourceOf(TypeOf(name)));

    internal static void AssertAgrees(Type type, KernelSource source) => Signatures.AssertAgrees(type, source, ByValue);

    [Theory]
    [MemberData(nameof(Structs))]
    public void A_struct_agrees_with_the_compiled_text(string name)
    {
        Type type = TypeOf(name);
        Signatures.AssertCompiled(type, Compiled(Signatures.SourceOf(type).File));
    }

    [Fact]
    public void The_geometry_agrees_with_the_source() => Assert.Equal(
        KernelSources.Fields("conv_geometry.cuh", "ConvGeometry").Select(Signatures.Pascal),
        KernelLayout.Measure(typeof(ConvGeometryArgument)).Select(p => p.Name));

    [Fact]
    public void The_tile_of_pixels_agrees_with_the_source() => Assert.Equal(
        KernelSources.Fields("pixel_tile.cuh", "PixelTile").Select(Signatures.Pascal),
        KernelLayout.Measure(typeof(PixelTileArgument)).Select(p => p.Name));

    [Theory]
    [InlineData("sign_layers", "SignLayer", typeof(SignLayerArgument))]
    [InlineData("unit_weight_grads_mma", "UnitWeightGrad", typeof(UnitWeightGradArgument))]
    [InlineData("previous_unit.cuh", "PreviousUnit", typeof(PreviousUnitArgument))]
    [InlineData("input_grad_mma.cuh", "PaddedGradient", typeof(PaddedGradientArgument))]
    [InlineData("norm_apply.cuh", "NormShortcut", typeof(NormShortcutArgument))]
    [InlineData("unit_next_mma", "AppliedUnit", typeof(AppliedUnitArgument))]
    public void A_struct_of_pointers_agrees_with_the_source(string file, string name, Type type) =>
        Signatures.AssertAgrees(type, KernelSources.Struct(file, name), ByValue);

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

    private static IEnumerable<Type> ArgumentTypes() => Signatures.ArgumentTypes(typeof(IKernelArgs).Assembly);

    private static Type TypeOf(string name) => ArgumentTypes().Single(t => t.Name == name);

    /// <summary>The text that nvcc made of a file.</summary>
    private static byte[] Compiled(string file)
    {
        byte[]? image = KernelImages.Embedded.Find($"{file}.ptx");
        Assert.SkipWhen(image == null, KernelImages.Embedded.Describe());
        return image;
    }
}
