using System.Text.RegularExpressions;
using ReSTE.Native.Devices.Cuda;

namespace ReSTE.Native.Engine.Tests.Cuda;

/// <summary>
/// Every kernel waits for the launch before it, as its first word: one that does not would let the kernel after it run ahead of what it
/// needs. Needs no device.
/// </summary>
public sealed partial class LaunchOrderTests
{
    public static TheoryData<string> Files => [.. KernelSources.Files];

    public static TheoryData<string> Images => [.. KernelSources.Files.Where(file => !KernelSources.IsOfPackedNetworks(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_entry_of_a_file_begins_in_its_turn(string file)
    {
        string text = KernelSources.Read($"{file}.cu");
        Match[] entries = [.. EntryPattern().Matches(text).Cast<Match>()];
        Assert.Equal(text.Split("__global__").Length - 1, entries.Length);
        Assert.All(entries, entry => Assert.True(entry.Groups["first"].Value == "start_in_turn();",
            $"{file}.cu: {entry.Groups["name"].Value} begins with '{entry.Groups["first"].Value}'"));
        Assert.Contains("#include \"launch_order.cuh\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void No_kernel_stands_in_a_header()
    {
        foreach (string file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "kernels"), "*.cuh", SearchOption.AllDirectories))
            Assert.DoesNotContain("__global__", File.ReadAllText(file), StringComparison.Ordinal);
    }

    // The binary for 9.0 has the waits, and the text for older GPUs, which a 9.0 could run too, has none.
    [Theory]
    [MemberData(nameof(Images))]
    public void An_image_says_by_itself_whether_it_was_compiled_with_the_waits(string file)
    {
        byte[]? text = KernelImages.Embedded.Find($"{file}.ptx"), binary = KernelImages.Embedded.Find($"{file}.sm_90a.cubin");
        Assert.SkipWhen(text == null || binary == null, KernelImages.Embedded.Describe());
        Assert.False(KernelText.Waits(text));
        Assert.True(KernelText.Waits(binary));
    }

    [GeneratedRegex("""extern "C" __global__ void __launch_bounds__\([^()]*\) (?<name>\w+)\(.*?\n\{\s*(?<first>[^\n]*)\n""",
        RegexOptions.Singleline)]
    private static partial Regex EntryPattern();
}
