using System.Text.RegularExpressions;

namespace ReSTE.Native.Package.Tests;

/// <summary>
/// The compiler leaves the wait for the launch before where the source has it: before anything that touches memory, on every way through a
/// kernel. It may move a load from a pointer that is declared free of aliases, so that is read in what it made for capability 9.0.
/// </summary>
public sealed partial class CompiledWaitsTests
{
    private const string Wait = "griddepcontrol.wait", Next = "griddepcontrol.launch_dependents";

    [Fact]
    public void Every_entry_waits_before_it_touches_memory()
    {
        string[] kernels = [.. Directory.GetFiles(Sources(), "*.cu").Select(f => Path.GetFileNameWithoutExtension(f)!)];
        Assert.NotEmpty(kernels);
        foreach (string kernel in kernels)
        {
            string text = Compiled(kernel);
            Assert.Contains(".const .align 4 .u32 waits_for_launch_before = 1;", text);
            MatchCollection entries = EntryPattern().Matches(text);
            Assert.NotEmpty(entries);
            foreach (Match entry in entries)
                CheckOrder(entry.Groups["name"].Value, entry.Groups["body"].Value);
        }
    }

    [Theory]
    [InlineData("\tld.param.u64 %rd1, [p];\n\tcvta.to.global.u64 %rd2, %rd1;\n\tgriddepcontrol.wait;\n"
        + "\tgriddepcontrol.launch_dependents;\n", true)]
    [InlineData("\tld.global.nc.f32 %f1, [%rd1];\n\tgriddepcontrol.wait;\n\tgriddepcontrol.launch_dependents;\n", false)]
    [InlineData("\t@%p1 bra $L__BB0_2;\n\tgriddepcontrol.wait;\n\tgriddepcontrol.launch_dependents;\n", false)]
    [InlineData("$L__BB0_1:\n\tgriddepcontrol.wait;\n\tgriddepcontrol.launch_dependents;\n", false)]
    [InlineData("\tgriddepcontrol.launch_dependents;\n\tgriddepcontrol.wait;\n", false)]
    [InlineData("\tst.global.f32 [%rd1], %f1;\n\tret;\n", false)]
    public void A_wait_in_the_wrong_place_is_seen(string body, bool passes)
    {
        Exception? problem = Record.Exception(() => CheckOrder("kernel", body));
        Assert.Equal(passes, problem is null);
    }

    // Addresses may be made before; whatever else stood there, a branch too, would need a reason.
    private static void CheckOrder(string entry, string body)
    {
        string[] lines =
        [
            .. body.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Where(line => line[0] != '.' && !line.StartsWith("//", StringComparison.Ordinal)),
        ];
        int wait = Array.FindIndex(lines, line => line.StartsWith(Wait, StringComparison.Ordinal));
        int next = Array.FindIndex(lines, line => line.StartsWith(Next, StringComparison.Ordinal));
        Assert.True(wait >= 0, $"{entry} does not wait");
        Assert.True(next > wait, $"{entry} lets the next launch start before it has waited itself");
        Assert.All(lines[..wait], line => Assert.True(Harmless().IsMatch(line), $"{entry} does this before it waits: {line}"));
    }

    /// <summary>PTX for sm_90a, of which the image is made; the test skips where it was not compiled from these sources.</summary>
    private static string Compiled(string kernel)
    {
        var text = new FileInfo(Repository.At("build", "out", "cmake", "work", $"{kernel}.sm_90a.ptx"));
        Assert.SkipUnless(text.Exists, $"{kernel}.cu is not compiled for sm_90a here");
        foreach (string source in new[] { $"{kernel}.cu", "launch_order.cuh" })
        {
            Assert.SkipWhen(text.LastWriteTimeUtc < File.GetLastWriteTimeUtc(Path.Combine(Sources(), source)),
                $"{kernel}.cu was compiled before {source} changed");
        }

        return File.ReadAllText(text.FullName);
    }

    private static string Sources() => Repository.At("kernels");

    [GeneratedRegex(@"\.entry (?<name>\w+)\(.*?\n\{\n(?<body>.*?)\n\}\n", RegexOptions.Singleline)]
    private static partial Regex EntryPattern();

    [GeneratedRegex(@"^(ld\.param|mov|cvta)\.")]
    private static partial Regex Harmless();
}
