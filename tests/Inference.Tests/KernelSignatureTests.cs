using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Engine.Tests.Cuda;
using ReSTE.Native.Gpu;
using ReSTE.Native.Packed;

namespace ReSTE.Native.Inference.Tests;

/// <summary>The argument structs of the package against its kernels. Needs no device.</summary>
public class KernelSignatureTests
{
    private static readonly Dictionary<string, Type> s_byValue = new()
    {
        ["PackedFinish"] = typeof(PackedFinishArgument),
        ["PackedResult"] = typeof(PackedResultArgument),
    };

    public static TheoryData<string> Structs => [.. ArgumentTypes().Select(type => type.Name)];

    [Fact]
    public void Every_kernel_of_packed_networks_has_a_struct() => Assert.Equal(
        KernelSources.Entries.Select(entry => entry.Name).Where(KernelSources.IsOfPackedNetworks)
            .Append("shortcut_pad").Order(StringComparer.Ordinal),
        ArgumentTypes().Select(Signatures.EntryOf).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Structs))]
    public void A_struct_agrees_with_the_source(string name) =>
        Signatures.AssertAgrees(TypeOf(name), Signatures.SourceOf(TypeOf(name)), s_byValue);

    [Theory]
    [MemberData(nameof(Structs))]
    public void A_struct_agrees_with_the_compiled_text(string name)
    {
        byte[]? image = KernelImages.Embedded.Find($"{Signatures.SourceOf(TypeOf(name)).File}.ptx");
        Assert.SkipWhen(image == null, KernelImages.Embedded.Describe());
        Signatures.AssertCompiled(TypeOf(name), image);
    }

    [Theory]
    [InlineData("PackedFinish", typeof(PackedFinishArgument))]
    [InlineData("PackedResult", typeof(PackedResultArgument))]
    public void A_struct_of_pointers_agrees_with_the_source(string name, Type type) =>
        Signatures.AssertAgrees(type, KernelSources.Struct("packed_result.cuh", name), s_byValue);

    [Fact]
    public void Activations_have_the_numbers_of_the_source()
    {
        Assert.Equal((long)PackedActivation.Relu, KernelSources.Constant("packed_finish", "kRelu"));
        Assert.Equal((long)PackedActivation.HardTanh, KernelSources.Constant("packed_finish", "kHardTanh"));
    }

    // The engine's own images would be loaded for nothing.
    [Fact]
    public void The_package_holds_its_kernels_and_no_others()
    {
        Assert.SkipWhen(KernelImages.Embedded.Names().Count == 0, KernelImages.Embedded.Describe());
        Assert.Equal(ArgumentTypes().Select(type => Signatures.SourceOf(type).File).Distinct().Order(StringComparer.Ordinal),
            KernelImages.Embedded.Names());
    }

    private static Type TypeOf(string name) => ArgumentTypes().Single(type => type.Name == name);

    private static IEnumerable<Type> ArgumentTypes() => Signatures.ArgumentTypes(typeof(IKernelArgs).Assembly);
}
