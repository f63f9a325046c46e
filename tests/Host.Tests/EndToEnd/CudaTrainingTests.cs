using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>The command trains, evaluates and measures on the CUDA device as it does on the CPU.</summary>
[Collection(EmulatedGpu.Collection)]
public sealed class CudaTrainingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>At this small a rate no sign flips in three steps, so that rounding is all that differs: 1e-7, measured.</summary>
    [Fact]
    public void A_run_has_the_losses_of_the_cpu_and_its_numbers_can_be_evaluated_again()
    {
        var run = EmulatedGpu.Run([], [.. EmulatedGpu.Tiny, "--cal_ind", "--results_dir", _folder.Path]).AssertDone();
        Assert.Equal("", run.Error);
        // The digest is of the kernels that computed the result.
        const string Device = "cuda:0: CUDA emulator at 0000:01:00, compute capability 9.0, 8.6 GB, kernels PTX [0-9a-f]{12}, "
            + "signs as bits by AND";
        Assert.Matches($", {Device}, results in ", run.Output);
        Assert.Contains("device:  cuda:0", _folder.Lines("argument.txt"));
        Assert.Single(_folder.Lines("argument.txt"), line => Regex.IsMatch(line, $"^device_name:  {Device}$"));
        Assert.Contains("device: cuda:0: CUDA emulator", _folder.Text("logger.log"));

        Reste.Run([.. EmulatedGpu.Tiny, "--cal_ind", "--device", "cpu", "--results_dir", _folder["cpu"]]).AssertDone();
        var (actual, expected) = (Numbers("metrics.csv"), Numbers("cpu/metrics.csv"));
        // Not the validation loss: it is of weights that are off by the two parts of a gradient, up to 1e-5 of themselves, and where that
        // turns the sign of one activation the loss of the 16 images moves by a quarter of a percent.
        int[] losses = [3, 9, 10];
        var distance = losses.Max(i => Math.Abs(actual[i] - expected[i]) / expected[i]);
        TestContext.Current.TestOutputHelper?.WriteLine($"largest relative distance from the CPU: {distance:e1}");
        Assert.InRange(distance, 0, 1e-3);

        string[] evaluate =
            ["evaluate", _folder["checkpoint.safetensors"], "--dataset", "shapes", "--limit_train", "2", "--limit_test", "16", "-b", "2"];
        // Of the same weights it is the same everywhere.
        var validation = string.Create(CultureInfo.InvariantCulture, $"Validation loss {actual[6]:F4}");
        Assert.Contains(validation, EmulatedGpu.Run([], evaluate).AssertDone().Output);
        Assert.Contains(validation, Reste.Run([.. evaluate, "--device", "cpu"]).AssertDone().Output);
    }

    [Fact]
    public void Gpus_reaches_a_gpu_that_the_environment_hides()
    {
        string[] variables = ["RESTE_EMULATOR_DEVICES=2", "CUDA_VISIBLE_DEVICES=0"];
        var run = EmulatedGpu.Run(
            variables, [.. EmulatedGpu.Tiny, "--limit_train", "2", "-b", "2", "--gpus", "1", "--results_dir", _folder.Path]);
        Assert.Contains(", cuda:1: CUDA emulator at 0000:02:00, ", run.AssertDone().Output);
        Assert.Contains("device:  cuda:1", _folder.Lines("argument.txt"));
    }

    /// <summary>The fastest GPU, the driver's first, has the later address: nvidia-smi numbers the two the other way round.</summary>
    [Theory]
    [InlineData("--gpus", "0", "CUDA_DEVICE_ORDER=", "0000:19:01")]
    [InlineData("--gpus", "1", "CUDA_DEVICE_ORDER=", "0000:3b:00")]
    [InlineData("--gpus", "0", "CUDA_DEVICE_ORDER=FASTEST_FIRST", "0000:3b:00")]
    [InlineData("--gpus", "0", "CUDA_DEVICE_ORDER=PCI_BUS_ID", "0000:19:01")]
    [InlineData("--device", "cuda:0", "CUDA_DEVICE_ORDER=", "0000:3b:00")]
    public void Gpus_follows_the_order_of_addresses_where_no_other_is_asked_for(string flag, string value, string order, string address)
    {
        var run = EmulatedGpu.Run(["RESTE_EMULATOR_PCI=3b:00,19:01", order],
            [.. EmulatedGpu.Tiny, "--limit_train", "2", "-b", "2", flag, value, "--results_dir", _folder.Path]);
        Assert.Contains($", cuda:{value[^1]}: CUDA emulator at {address}, ", run.AssertDone().Output);
    }

    [Fact]
    public void Bench_step_measures_the_gpu()
    {
        string[] bench = ["bench", "step", "--batch", "2", "--steps", "2", "--warmup", "1", "--json", _folder["times.json"]];
        string output = EmulatedGpu.Run([], bench).AssertDone().Output;
        Assert.Matches(@"batch 2, cuda:0: CUDA emulator at 0000:01:00, .* \(\d+ launches a step\)", output);
        Assert.Equal(2, output.Trim().Split('\n').Length);
        var json = JsonDocument.Parse(_folder.Text("times.json")).RootElement;
        Assert.Equal("cuda:0", json.GetProperty("device").GetString());
        Assert.StartsWith("cuda:0: CUDA emulator", json.GetProperty("device_name").GetString());
        Assert.InRange(json.GetProperty("launches").GetInt64(), 50, 1000);
        // A graph runs as one.
        Assert.False(json.TryGetProperty("breakdown", out _));
    }

    private double[] Numbers(string file) =>
        [.. _folder.Lines(file)[1].Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];
}
