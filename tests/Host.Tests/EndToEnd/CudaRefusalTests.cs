namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>Every way in which there is no usable GPU: one line that says why, before anything is written.</summary>
[Collection(EmulatedGpu.Collection)]
public sealed class CudaRefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Troubles => new()
    {
        { "RESTE_LIBCUDA=/nonexistent/lib.so", "/nonexistent/lib.so" },
        { "RESTE_EMULATOR_DEVICES=0", "the driver reports no device" },
        { "CUDA_VISIBLE_DEVICES=-1", "CUDA_VISIBLE_DEVICES is '-1'" },
        { "RESTE_EMULATOR_INIT=100", "the driver reports no device" },
        { "RESTE_EMULATOR_INIT=802", "CUDA_ERROR_SYSTEM_NOT_READY (802)" },
        { "RESTE_EMULATOR_CAPABILITY=7.5", "CUDA emulator, has compute capability 7.5; 8.0 or newer is needed" },
        { "RESTE_EMULATOR_PTX=7.0", "is PTX 7.8, too new for this driver" },
        { "RESTE_KERNELS=/nonexistent/kernels", "the folder /nonexistent/kernels does not exist" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Troubles))]
    public void An_explicit_gpu_exits_with_three(string variable, string why)
    {
        var run = EmulatedGpu.Run([variable], [.. EmulatedGpu.Tiny, "--device", "cuda", "--results_dir", _folder["results"]]);
        run.AssertRefused(ExitCode.NoGpu, why);
        Assert.Matches(@"^reste: error: no usable GPU \(.+\); add --device cpu to train on this CPU\n$", run.Error);
        Assert.Equal("", run.Output);
        Assert.False(Directory.Exists(_folder["results"]));
    }

    [Theory]
    [MemberData(nameof(Troubles))]
    public void Auto_takes_the_cpu_and_says_why(string variable, string why)
    {
        var run = EmulatedGpu.Run([variable], [.. EmulatedGpu.Tiny, "--results_dir", _folder["results"]]).AssertDone();
        var notice = Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("computing on the CPU with ", notice);
        Assert.Contains(why, notice);
        Assert.Contains("device:  cpu", File.ReadAllText(Path.Combine(_folder["results"], "argument.txt")));
    }

    [Fact]
    public void Gpus_names_the_gpus_there_are() =>
        EmulatedGpu.Run(["RESTE_EMULATOR_DEVICES=2", "CUDA_VISIBLE_DEVICES=0"],
                [.. EmulatedGpu.Tiny, "--gpus", "7", "--results_dir", _folder["results"]])
            .AssertRefused(ExitCode.NoGpu, "there is no GPU 7, this machine has 2: 0 CUDA emulator, 1 CUDA emulator");

    [Fact]
    public void Device_numbers_the_visible_gpus() =>
        EmulatedGpu.Run(["RESTE_EMULATOR_DEVICES=2", "CUDA_VISIBLE_DEVICES=1"],
                [.. EmulatedGpu.Tiny, "--device", "cuda:1", "--results_dir", _folder["results"]])
            .AssertRefused(ExitCode.NoGpu, "there is no GPU 1, this machine has 1: 0 CUDA emulator; CUDA_VISIBLE_DEVICES is '1'");

    [Fact]
    public void Several_gpus_are_misuse() =>
        EmulatedGpu.Run(["RESTE_EMULATOR_DEVICES=2"], [.. EmulatedGpu.Tiny, "--gpus", "0,1", "--results_dir", _folder["results"]])
            .AssertRefused(ExitCode.Misuse, "--gpus: '0,1' names 2 GPUs");

    [Fact]
    public void Evaluating_and_measuring_refuse_as_training_does()
    {
        File.WriteAllText(_folder["weights"], "x");
        EmulatedGpu.Run(["RESTE_EMULATOR_PTX=7.0"], "evaluate", _folder["weights"], "--device", "cuda")
            .AssertRefused(ExitCode.NoGpu, "PTX 7.8");
        EmulatedGpu.Run(["RESTE_EMULATOR_PTX=7.0"], "bench", "step", "--device", "cuda").AssertRefused(ExitCode.NoGpu, "PTX 7.8");
    }
}
