namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>What `info` says about the CUDA device, when it is there and when something is missing.</summary>
[Collection(EmulatedGpu.Collection)]
public sealed class CudaInfoTests
{
    [Fact]
    public void It_names_driver_gpus_and_kernels()
    {
        var lines = Info("RESTE_EMULATOR_DEVICES=2");
        Assert.Contains($"driver:      {EmulatedGpu.Library} (named by RESTE_LIBCUDA), CUDA 12.9", lines);
        Assert.Contains("cuda:0:      CUDA emulator at 0000:01:00, compute capability 9.0, 8.6 GB: ready", lines);
        Assert.Contains("cuda:1:      CUDA emulator at 0000:02:00, compute capability 9.0, 8.6 GB: ready", lines);
        Assert.Matches($@"^kernels:     \d+ images from {EmulatedGpu.Kernels} \(named by RESTE_KERNELS\)$", Of("kernels", lines));
        Assert.DoesNotContain(lines, line => line.StartsWith("tried:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("RESTE_EMULATOR_DEVICES=0", "cuda", "the driver reports no device")]
    [InlineData("RESTE_EMULATOR_INIT=100", "cuda", "the driver reports no device")]
    [InlineData("CUDA_VISIBLE_DEVICES=-1", "cuda", "CUDA_VISIBLE_DEVICES is '-1'")]
    [InlineData("RESTE_EMULATOR_CAPABILITY=7.5", "cuda:0",
        "compute capability 7.5, 8.6 GB: GPU 0, CUDA emulator, has compute capability 7.5; 8.0 or newer")]
    [InlineData("RESTE_EMULATOR_PTX=7.0", "cuda:0", "is PTX 7.8, too new for this driver")]
    [InlineData("RESTE_KERNELS=/nonexistent/kernels", "kernels", "the folder /nonexistent/kernels does not exist (named by RESTE_KERNELS)")]
    public void It_says_what_is_missing(string variable, string name, string why)
    {
        var lines = Info(variable);
        Assert.Contains(why, Of(name, lines));
        Assert.Contains($"driver:      {EmulatedGpu.Library}", Of("driver", lines));
    }

    [Fact]
    public void It_lists_the_named_library_with_the_loaders_message()
    {
        var lines = Info("RESTE_LIBCUDA=/nonexistent/lib.so");
        Assert.Contains("/nonexistent/lib.so, named by RESTE_LIBCUDA, could not be loaded", Of("cuda", lines));
        Assert.Matches("^tried:       /nonexistent/lib.so: .*No such file", Of("tried", lines));
    }

    [Fact]
    public void It_lists_every_place_where_a_driver_was_looked_for()
    {
        var lines = Info("RESTE_LIBCUDA=");
        Assert.SkipUnless(lines.Any(line => line.StartsWith("tried:", StringComparison.Ordinal)), "this machine has a CUDA driver");
        Assert.Contains("was not found", Of("cuda", lines));
        Assert.All(["libcuda.so.1", "/usr/lib/wsl/lib/libcuda.so.1", "/usr/lib64/libcuda.so.1"],
            path => Assert.Contains(lines, line => line.StartsWith($"tried:       {path}: ", StringComparison.Ordinal)));
    }

    private static string[] Info(string variable) => EmulatedGpu.Run([variable], "info").AssertDone().Output.Split('\n');

    private static string Of(string name, string[] lines) =>
        Assert.Single(lines, line => line.StartsWith(name + ":", StringComparison.Ordinal));
}
