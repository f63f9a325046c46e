using System.Diagnostics;

namespace ReSTE.Native.Package.Tests;

/// <summary>
/// The rules that compile kernels, with a compiler that only writes down what it is asked for: a file is compiled for its own targets.
/// </summary>
public sealed class KernelTargetsTests : IDisposable
{
    // Leaves PTX with one entry of the file's name, and says what ptxas says of it.
    private const string Compiler = """
        for word in "$@"; do case $word in -arch=*) gpu=${word#-arch=};; *.cu|*.ptx) from=$word;; esac; done
        while [ $# -gt 0 ]; do case $1 in -o) out=$2;; -MF) echo "$out:" > "$2";; esac; shift; done
        entry=$(basename "$from"); entry=${entry%%.*}
        echo "$gpu .visible .entry $entry(" > "$out"
        case $out in *.cubin) echo "ptxas info : Compiling entry function '$entry' for '$gpu'
        ptxas info : Function properties for $entry
        0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
        ptxas info : Used 8 registers";; esac
        """;

    private readonly SourceCopy _copy = new();

    public KernelTargetsTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the compiler of these tests is a shell script");
        Assert.SkipUnless(SourceCopy.Finds("cmake") && (SourceCopy.Finds("make") || SourceCopy.Finds("ninja")), "cmake is not here");
        foreach (string kernel in Directory.GetFiles(_copy.At("kernels"), "*.cu"))
            File.Delete(kernel);
        _copy.Write("kernels/plain.cu", "");
        _copy.Write("kernels/tensor.cu", "");
        _copy.WriteTool("nvcc", Compiler);
    }

    public void Dispose() => _copy.Dispose();

    [Fact]
    public void A_file_without_a_row_is_compiled_for_the_default_and_another_for_its_own_targets()
    {
        WriteRows("default: compute_80 sm_90a", "tensor: compute_90 sm_80 sm_90a");
        Assert.Equal(0, Run("cmake", "-P", "build/kernels.cmake").ExitCode);
        Assert.Equal(["plain.ptx", "plain.sm_90a.cubin", "tensor.ptx", "tensor.sm_80.cubin", "tensor.sm_90a.cubin"], Images());
        Assert.Equal(
            [
                "plain.sm_80", "plain.sm_86", "plain.sm_89", "plain.sm_90", "plain.sm_90a",
                "tensor.sm_80", "tensor.sm_90", "tensor.sm_90a",
            ], Logs());
        Assert.StartsWith("nvcc 12.4.99: PTX for compute_80, image for sm_90a, PTX for compute_90, image for sm_80\n",
            File.ReadAllText(Image("build.txt")));
        Assert.Equal("compute_90a", File.ReadAllText(_copy.At("build", "out", "cmake", "work", "tensor.sm_90a.ptx")).Split(' ')[0]);
        CheckTable();
    }

    [Fact]
    public void Images_of_a_target_that_is_gone_go_too()
    {
        WriteRows("default: compute_80 sm_90a", "tensor: compute_86 sm_80 sm_90");
        Assert.Equal(0, Run("cmake", "-P", "build/kernels.cmake").ExitCode);
        Assert.Contains("tensor.sm_90.cubin", Images());
        // PTX of a later capability is assembled for what it runs on, and not for what has code of its own.
        Assert.Equal(["tensor.sm_80", "tensor.sm_86", "tensor.sm_89", "tensor.sm_90"], Logs().Where(log => log.StartsWith('t')));

        WriteRows("default: compute_80 sm_90a", "tensor: compute_90 sm_90a");
        Assert.Equal(0, Run("cmake", "-P", "build/kernels.cmake").ExitCode);
        Assert.Equal(["plain.ptx", "plain.sm_90a.cubin", "tensor.ptx", "tensor.sm_90a.cubin"], Images());
        Assert.Equal(["tensor.sm_90", "tensor.sm_90a"], Logs().Where(log => log.StartsWith('t')));
        CheckTable();
    }

    [Theory]
    [InlineData("tensr: sm_80", "build/kernels/targets.cmake has a row for tensr, but there is no kernels/tensr.cu")]
    [InlineData("tensor: sm80", "build/kernels/targets.cmake: tensor names 'sm80', which is not like compute_80, sm_90 or sm_90a")]
    [InlineData("tensor: compute_80 compute_90",
        "build/kernels/targets.cmake: tensor needs one target that is PTX, such as compute_80, and only one")]
    [InlineData("tensor: sm_90a", "build/kernels/targets.cmake: tensor needs one target that is PTX, such as compute_80, and only one")]
    public void A_row_that_cannot_be_meant_is_named(string row, string why)
    {
        WriteRows("default: compute_80", row);
        var (exitCode, output) = Run("cmake", "-P", "build/kernels.cmake");
        Assert.Equal(1, exitCode);
        Assert.Contains($"kernels not compiled: {why}", output);
    }

    private void WriteRows(params string[] rows)
    {
        string file = _copy.At("build", "kernels", "targets.cmake"), text = File.ReadAllText(file);
        int from = text.IndexOf("set(RESTE_TARGETS\n", StringComparison.Ordinal), to = text.IndexOf(')', from);
        File.WriteAllText(file, $"{text[..from]}set(RESTE_TARGETS\n{string.Concat(rows.Select(row => $"    \"{row}\"\n"))}{text[to..]}");
    }

    // Every file has a row for each of its targets, and none spills.
    private void CheckTable()
    {
        var (exitCode, output) = Run("bash", "build/kernel-table.sh");
        Assert.True(exitCode == 0, output);
        Assert.Equal(1 + Logs().Length, output.Trim().Split('\n').Length);
    }

    private string Image(string name) => _copy.At("build", "out", "kernels", name);

    private string[] Images() =>
    [
        .. Directory.GetFiles(Image("")).Where(file => Path.GetExtension(file) != ".txt").Select(Path.GetFileName)
            .Order(StringComparer.Ordinal)!,
    ];

    private string[] Logs() =>
        [.. Directory.GetFiles(Image("logs")).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)!];

    private (int ExitCode, string Output) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _copy.At(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in _copy.Environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
