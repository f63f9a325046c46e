using System.Globalization;
using System.Text.Json;
using ReSTE.Native.Checkpoints;

namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>The command trains, saves, resumes, evaluates and measures with the engine itself.</summary>
public sealed class TrainingTests : IDisposable
{
    private static readonly string[] s_small =
    [
        "--device", "cpu", "--threads", "1", "--dataset", "shapes", "--limit_train", "64", "--limit_test", "32", "-b", "16",
        "--epochs", "2",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_leaves_whole_files_and_its_numbers_can_be_evaluated_again()
    {
        var run = Reste.Run([.. s_small, "--cal_ind", "--results_dir", _folder.Path]).AssertDone();
        Assert.Contains("results: " + _folder.Path, run.Output);
        Assert.Contains("device:  cpu", _folder.Text("argument.txt"));
        Assert.Contains("Prec@1", _folder.Text("logger.log"));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.tmp"));

        var rows = _folder.Lines("metrics.csv");
        Assert.Equal(3, rows.Length);
        foreach (var cells in rows.Skip(1).Select(row => row.Split(',')))
            Assert.All(cells, cell => Assert.True(double.IsFinite(double.Parse(cell, CultureInfo.InvariantCulture)), cell));
        Assert.InRange(double.Parse(rows[2].Split(',')[3], CultureInfo.InvariantCulture), 0.1, 4);

        var checkpoint = SafetensorsFile.Open(_folder["checkpoint.safetensors"]);
        Assert.Equal([8L], checkpoint.ReadInt64("bn1.num_batches_tracked"));
        Assert.Equal([16L, 3L, 3L, 3L], SafetensorsFile.Open(_folder["model_best.safetensors"])["conv1.weight"].Shape);

        var last = rows[2].Split(',');
        var loss = double.Parse(last[6], CultureInfo.InvariantCulture);
        var expected = string.Create(CultureInfo.InvariantCulture, $"Validation loss {loss:F4}");
        string[] evaluate = ["evaluate", _folder["checkpoint.safetensors"], "--device", "cpu", "--dataset", "shapes", "--limit_test", "32"];
        Assert.Contains(expected, Reste.Run(evaluate).AssertDone().Output);
    }

    [Fact]
    public void An_interrupted_run_goes_on_as_if_it_never_stopped()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no SIGINT to send");
        string[] arguments = [.. s_small, "--epochs", "10", "--limit_train", "96", "--cal_ind", "-p", "1", "--results_dir", _folder.Path];
        using var process = Reste.Start(arguments);
        Reste.InterruptWhen(process, _folder["logger.log"], "TRAINING - Epoch: [1][2/6]");
        var stopped = Reste.Finish(process);
        Assert.Equal((ExitCode.Interrupted, ""), (stopped.ExitCode, stopped.Error));
        Assert.Contains("interrupted by SIGINT in epoch ", stopped.Output);
        Assert.Contains("--resume", stopped.Output);
        Assert.InRange(_folder.Lines("metrics.csv").Length, 2, 10);

        Reste.Run([.. arguments, "--resume"]).AssertDone();
        using var whole = new TemporaryFolder();
        Reste.Run([.. arguments, "--results_dir", whole.Path]).AssertDone();
        Checkpoints.AssertSameTensors(whole["checkpoint.safetensors"], _folder["checkpoint.safetensors"]);
        Checkpoints.AssertSameTensors(whole["model_best.safetensors"], _folder["model_best.safetensors"]);
        Assert.Equal(Checkpoints.Timeless(whole.Lines("metrics.csv")), Checkpoints.Timeless(_folder.Lines("metrics.csv")));
    }

    [Fact]
    public void A_resume_with_other_settings_is_refused()
    {
        Reste.Run([.. s_small, "--epochs", "1", "--results_dir", _folder.Path]).AssertDone();
        var metrics = _folder.Text("metrics.csv");
        Reste.Run([.. s_small, "--epochs", "1", "--lr", "0.2", "--results_dir", _folder.Path, "--resume"])
            .AssertRefused(ExitCode.Checkpoint, "--lr was 0.1, is 0.2", "leave out --resume");
        Assert.Equal(metrics, _folder.Text("metrics.csv"));
    }

    [Fact]
    public void A_diverged_run_names_the_tensor_in_plain_words() =>
        Reste.Run([.. s_small, "--lr", "1e30", "--results_dir", _folder.Path])
            .AssertRefused(ExitCode.Failure, "reste: error: epoch 1: ", " holds ", "a lower --lr usually helps");

    [Fact]
    public void Bench_step_measures_the_real_step()
    {
        Reste.Run("bench", "step", "--device", "cpu", "--batch", "16", "--steps", "3", "--warmup", "1", "--json", _folder["times.json"])
            .AssertDone();
        var json = JsonDocument.Parse(_folder.Text("times.json")).RootElement;
        string[] names = ["model", "batch", "device", "threads", "ms_median", "images_per_s", "peak_mb", "load_average", "cpu"];
        foreach (var name in names)
            Assert.True(json.TryGetProperty(name, out _), name);
        Assert.InRange(json.GetProperty("ms_median").GetDouble(), 0.1, 60_000);
    }

    [Fact]
    public void Bench_step_shows_an_evaluation_by_operation()
    {
        string output = Reste.Run("bench", "step", "--evaluate", "--device", "cpu", "--batch", "16", "--steps", "3", "--warmup", "1")
            .AssertDone().Output;
        Assert.Contains(" evaluated, cpu ", output);
        Assert.Matches(@"binary_unit_evaluation forward +│ 3x3, 64x8x8 to 64x8x8 +│ 5 ", output);
        Assert.Matches(@"between operations +│ +│ 1 ", output);
        Assert.DoesNotContain("backward", output);
        Assert.Matches(@"the rows add up to [\d.]+ ms, the step takes ", output);
    }

    [Fact]
    public void Bench_step_shows_the_step_by_operation()
    {
        string output = Reste.Run("bench", "step", "--device", "cpu", "--threads", "2", "--model", "resnet20_1w1a", "--batch", "16",
            "--steps", "8", "--warmup", "2", "--json", _folder["times.json"]).AssertDone().Output;
        Assert.Matches(@"operation +│ sizes +│ calls +│ ms +│ of step +│ MB +│ bits G +│ sign G +│ real G +│ limit ms", output);
        Assert.Matches(@"the rows add up to [\d.]+ ms, the step takes [\d.]+ ms \(-?[\d.]+ %\), its limit is [\d.]+ ms: [\d.]+ %", output);
        Assert.Matches(@"limits of 2 threads in the same minute: multiply add [\d.]+ G/s, .*, memory [\d.]+ GB/s\n", output);
        // Other tests may allocate meanwhile: that a step does not is tested where it is alone.
        Assert.Matches(@"\n\d+ managed bytes allocated in a steady step\n$", output);
        var json = JsonDocument.Parse(_folder.Text("times.json")).RootElement;
        var breakdown = json.GetProperty("breakdown");
        JsonElement[] rows = [.. breakdown.GetProperty("rows").EnumerateArray()];
        string[] names =
        [
            "operation", "direction", "sizes", "calls", "ms", "ms_min", "share", "bytes", "bits", "sign", "real", "limit_ms", "limit_share",
            "limited_by", "layers",
        ];
        Assert.All(rows, row => Assert.Equal(names, row.EnumerateObject().Select(property => property.Name)));
        Assert.InRange(rows.Length, 15, 45);
        string[] directions = [.. rows.Select(row => row.GetProperty("direction").GetString()!).Distinct()];
        Assert.Equal(["forward", "backward", "update", null!], directions);
        // 40.1 M multiply-adds of signs an image forward, as many of reals with signs for either gradient.
        Assert.Equal(16 * 40_108_032L, rows.Sum(row => row.GetProperty("bits").GetInt64()));
        Assert.Equal(2 * 16 * 40_108_032L, rows.Sum(row => row.GetProperty("sign").GetInt64()));
        string[] layers = [.. rows.SelectMany(row => row.GetProperty("layers").EnumerateArray().Select(layer => layer.GetString()!))];
        Assert.All(["images", "conv1", "layer1.0.conv1", "layer3.2.conv2", "linear", "parameters"], name => Assert.Contains(name, layers));
        Assert.Equal(rows.Sum(row => row.GetProperty("calls").GetInt32()), layers.Length + 1);
        double sum = rows.Sum(row => row.GetProperty("ms").GetDouble()), step = json.GetProperty("ms_median").GetDouble();
        Assert.Equal(sum, breakdown.GetProperty("rows_ms").GetDouble(), 1e-6);
        // Of the median: steps of a few milliseconds beside other tests are not all alike.
        Assert.InRange(sum, 0.7 * step, 1.4 * step);
        Assert.Equal(100 * (sum / step - 1), breakdown.GetProperty("difference_percent").GetDouble(), 1e-6);
        Assert.InRange(breakdown.GetProperty("limit_ms").GetDouble(), 1e-3, sum);
        Assert.True(breakdown.GetProperty("limits").GetArrayLength() >= 4);
    }
}
