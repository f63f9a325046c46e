using System.Text.Json;

namespace ReSTE.Native.Host.Tests;

public sealed class VerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Bench_step_writes_its_json()
    {
        var run = CommandRun.Of("bench", "step", "--model", "resnet20_1w1a", "--batch", "64", "--device", "cpu", "--threads", "2",
            "--steps", "4", "--warmup", "1", "--json", _folder["times.json"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        var json = JsonDocument.Parse(_folder.Text("times.json")).RootElement;
        Assert.Equal(("resnet20_1w1a", 64, "cpu", 2), (json.GetProperty("model").GetString(), json.GetProperty("batch").GetInt32(),
            json.GetProperty("device").GetString(), json.GetProperty("threads").GetInt32()));
        var median = json.GetProperty("ms_median").GetDouble();
        Assert.Equal(64_000 / median, json.GetProperty("images_per_s").GetDouble(), 1e-6 * 64_000 / median);
        Assert.InRange(median, json.GetProperty("ms_min").GetDouble(), json.GetProperty("ms_max").GetDouble());
        Assert.True(json.GetProperty("peak_mb").GetDouble() > 1);
        Assert.Equal(4, json.GetProperty("steps").GetInt32());
        Assert.DoesNotContain("\\u002B", _folder.Text("times.json"));
        foreach (var name in (string[])["load_average", "cpu"])
            Assert.True(json.TryGetProperty(name, out _), name);
        Assert.True(json.GetProperty("managed_bytes").GetInt64() >= 0);
        // A device that runs a step all at once has no operations to show, as on a GPU.
        Assert.False(json.TryGetProperty("breakdown", out _));
        Assert.Equal(2, run.Output.Trim().Split('\n').Length);
    }

    [Fact]
    public void Bench_limits_shows_and_writes_what_it_measured()
    {
        var run = CommandRun.Of("bench", "limits", "--threads", "2", "--json", _folder["limits.json"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Matches(@"what +│ where +│ unit +│ 1 thread +│ 2 threads", run.Output);
        Assert.Matches(@"read +│ L1, \d+ KiB +│ GB/s +│ [\d.]+ +│ [\d.]+", run.Output);
        var json = JsonDocument.Parse(_folder.Text("limits.json")).RootElement;
        Assert.Equal(2, json.GetProperty("threads").GetInt32());
        var limits = json.GetProperty("limits").EnumerateArray().ToArray();
        Assert.All(limits, limit => Assert.True(limit.GetProperty("per_s").GetDouble() > 0));
        string[] work = [.. limits.Select(limit => limit.GetProperty("work").GetString()!).Distinct()];
        Assert.All(["multiply_add", "read", "copy"], name => Assert.Contains(name, work));
    }

    [Fact]
    public void Bench_step_answers_a_cuda_request_as_training_does() =>
        CommandRun.Of("bench", "step", "--device", "cuda").AssertRefused(ExitCode.NoGpu);

    [Theory]
    [InlineData("evaluate")]
    [InlineData("-e")]
    [InlineData("--evaluate")]
    public void Evaluating_writes_no_run_folder(string word)
    {
        File.WriteAllText(_folder["weights"], "x");
        var run = CommandRun.Of(word, _folder["weights"], "--results_dir", _folder["results"], "--data_path", "here");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Matches(@"Validation loss 0\.2500 \tValidation Prec@1 55\.646 \tValidation Prec@5 90\.000", run.Output);
        Assert.Equal(_folder["weights"], run.Engine.Run!.WeightsFrom);
        Assert.Equal([_folder["weights"]], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void What_there_is_to_know_about_the_data_is_told_once()
    {
        const string notice = "the data are not what they could be";
        File.WriteAllText(_folder["weights"], "x");
        var run = CommandRun.Of(new FakeEngine { DataNotices = [notice] }, null, "--epochs", "1", "--results_dir", _folder["results"]);
        Assert.Single(run.Error.Split('\n'), line => line == notice);
        run = CommandRun.Of(new FakeEngine { DataNotices = [notice] }, null, "evaluate", _folder["weights"]);
        Assert.Single(run.Error.Split('\n'), line => line == notice);
    }

    [Fact]
    public void Evaluating_a_missing_file_exits_with_five() =>
        CommandRun.Of("evaluate", _folder["none"]).AssertRefused(ExitCode.Checkpoint, _folder["none"]);

    [Fact]
    public void A_run_folder_stands_for_its_best_checkpoint()
    {
        File.WriteAllText(_folder["model_best.safetensors"], "x");
        var run = CommandRun.Of("evaluate", _folder.Path);
        Assert.Equal(_folder["model_best.safetensors"], run.Engine.Run!.WeightsFrom);
        Assert.Contains("evaluating " + _folder["model_best.safetensors"], run.Error);
    }

    [Fact]
    public void A_folder_without_a_checkpoint_says_what_it_holds()
    {
        File.WriteAllText(_folder["notes.txt"], "");
        CommandRun.Of("evaluate", _folder.Path).AssertRefused(ExitCode.Checkpoint, "holds no model_best.safetensors", "notes.txt");
    }

    [Theory]
    [InlineData("--warm_up", "--epochs", "4")]
    [InlineData("--start_epoch", "5", "--epochs", "4")]
    public void Evaluating_has_no_schedule(params string[] arguments)
    {
        File.WriteAllText(_folder["weights"], "x");
        var run = CommandRun.Of(["-e", _folder["weights"], .. arguments]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.DoesNotContain("warning", run.Error);
    }

    [Fact]
    public void An_unwritable_json_is_refused_before_the_benchmark()
    {
        var path = _folder["none/times.json"];
        var run = CommandRun.Of("bench", "step", "--device", "cpu", "--json", path);
        run.AssertRefused(ExitCode.Failure, $"--json: cannot write '{path}'", "there is no folder");
        Assert.Null(run.Engine.Started);
        Assert.DoesNotContain(".tmp", run.Error);
    }

    [Fact]
    public void Summary_counts_bits()
    {
        var run = CommandRun.Of("summary");
        Assert.Matches(@"layer1\.0\.conv1 +conv 3x3 +16 x 16 x 3 x 3 +32 x 32 x 16 +2304 +1 bit +1 bit +2359296", run.Output);
        Assert.Contains("2736 parameters, 2304 of them binary; 2016 bytes packed, 10944 as float32", run.Output);
        Assert.Contains("multiply-accumulates an image: 2359296 of bits with bits, 442368 of reals with reals", run.Output);
        Assert.Contains("multiply-accumulates an image: 0 of bits with bits, 2359296 of reals with bits, 442368 of reals with reals",
            CommandRun.Of("summary", "--a32").Output);
    }

    [Fact]
    public void Info_names_what_is_missing_and_why()
    {
        var run = CommandRun.Of("info");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Matches(@"cuda:0: +this machine has none", run.Output);
        Assert.Matches(@"images: +nothing is decoded", run.Output);
    }

    [Fact]
    public void Version_is_shown() => Assert.StartsWith("reste 0.", CommandRun.Of("--version").Output);
}
