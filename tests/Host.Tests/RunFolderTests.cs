namespace ReSTE.Native.Host.Tests;

/// <summary>What a run leaves behind.</summary>
public sealed class RunFolderTests : IDisposable
{
    /// <summary>Asks for nothing that needs a notice.</summary>
    private static readonly string[] s_quiet = ["--dataset", "shapes", "--device", "cpu", "--epochs", "2"];

    private const int NoSpace = 28; // ENOSPC

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_leaves_its_files()
    {
        Assert.Equal(ExitCode.Done, Train("--epochs", "3").ExitCode);
        foreach (var name in (string[])["argument.txt", "logger.log", "metrics.csv", "checkpoint.safetensors", "model_best.safetensors"])
            Assert.True(File.Exists(_folder[name]), name);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.tmp"));
        Assert.StartsWith("3 0 ", _folder.Text("checkpoint.safetensors"));
        Assert.StartsWith("2 0 ", _folder.Text("model_best.safetensors"));
    }

    [Fact]
    public void Metrics_have_one_row_an_epoch_that_reads_back_exactly()
    {
        Train("--epochs", "3", "--lr", "0.1");
        var lines = _folder.Lines("metrics.csv");
        Assert.Equal(
            "epoch,lr,o,train_loss,train_top1,train_top5,val_loss,val_top1,val_top5,estimating_error,gradient_stability,seconds", lines[0]);
        Assert.Equal(4, lines.Length);
        var cells = lines[2].Split(',');
        Assert.Equal(["1", Numbers.Text(0.1 / 3), Numbers.Text(1 + 1 / 7.0)], cells[..3]);
        Assert.Equal(["", "", "1.25"], cells[9..]);
    }

    [Fact]
    public void Indicators_are_written_where_measured()
    {
        Train("--epochs", "2", "--cal_ind");
        Assert.Equal(["2.5", "0.001", "1.25"], _folder.Lines("metrics.csv")[2].Split(',')[9..]);
        Assert.Contains("Mean Estimating_Error: 2.0000", _folder.Text("logger.log"));
    }

    [Fact]
    public void The_log_has_the_published_lines()
    {
        Train("--epochs", "3", "--print_freq", "2");
        var log = _folder.Text("logger.log");
        const string Stamp = @"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d - INFO - ";
        Assert.Matches(Stamp + @"TRAINING - Epoch: \[0\]\[0/8\]\tTime 0\.500 \(0\.500\)\tData .*\tloss 0\.6667 \(.*\)\t" +
            @"Prec@1 55\.646 \(.*\)\tPrec@5 90\.000 ", log);
        Assert.Matches(Stamp + @"EVALUATING - Epoch: \[2\]\[2/3\]\t", log);
        Assert.DoesNotContain("Epoch: [0][1/8]", log);
        Assert.Matches(@"Training loss 0\.1667 \tTraining Prec@1 55\.646 \tTraining Prec@5 90\.000 \n", log);
        Assert.Matches(Stamp + @"Best_Epoch: 2\tBest_Prec1 59\.9957 \tBest_Loss 0\.222 ", log);
        Assert.Matches(Stamp + @"Last_Epoch: 3\tLast_Prec1 55\.1550 ", log);
        Assert.Matches(@"Time cost: 00:01\tTime of Finish: \d{4}-", log);
    }

    [Fact]
    public void Arguments_are_listed_as_published()
    {
        Train("--epochs", "1", "--a32", "--weight_decay", "0.0005");
        var lines = _folder.Lines("argument.txt");
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$", lines[0]);
        Assert.Equal("", lines[1]);
        Assert.Equal("results_dir:  " + _folder.Path, lines[2]);
        string[] expected = ["a32:  True", "warm_up:  False", "weight_decay:  0.0005", "epochs:  1", "evaluate:  ", "device:  cpu"];
        foreach (var line in expected)
            Assert.Contains(line, lines);
        foreach (var flag in new TrainingFlags().All)
            Assert.Contains(lines, line => line.StartsWith(flag.Name[2..] + ":  ", StringComparison.Ordinal));
    }

    [Fact]
    public void An_earlier_run_moves_aside()
    {
        Train("--epochs", "1");
        var first = _folder.Text("metrics.csv");
        var second = Train("--epochs", "2");
        Assert.Contains("its files are now in " + _folder["previous-1"], second.Error);
        Train("--epochs", "3");
        Assert.Equal(first, _folder.Text("previous-1/metrics.csv"));
        Assert.StartsWith("2 ", _folder.Text("previous-2/checkpoint.safetensors"));
        Assert.Equal(4, _folder.Lines("metrics.csv").Length);
        Assert.Equal(8, Directory.GetFiles(_folder["previous-2"]).Length);
    }

    [Fact]
    public void An_earlier_run_without_its_checkpoints_moves_aside_too()
    {
        Train("--epochs", "3");
        File.Delete(_folder["checkpoint.safetensors"]);
        File.Delete(_folder["model_best.safetensors"]);
        Assert.Contains("its files are now in " + _folder["previous-1"], Train("--epochs", "1").Error);
        Assert.Equal(4, _folder.Lines("previous-1/metrics.csv").Length);
    }

    [Fact]
    public void A_move_aside_that_was_cut_short_is_finished()
    {
        Train("--epochs", "3");
        Directory.CreateDirectory(_folder["previous-1"]);
        foreach (var name in (string[])["argument.txt", "logger.log"])
            File.Move(_folder[name], _folder["previous-1/" + name]);
        Train("--epochs", "1");
        Assert.Equal(8, Directory.GetFiles(_folder["previous-1"]).Length);
        Assert.False(Directory.Exists(_folder["previous-2"]));
    }

    [Theory]
    [InlineData(".lock")]
    [InlineData("metrics.csv")]
    [InlineData("argument.txt")]
    public void A_folder_where_a_file_should_be_is_named(string name)
    {
        Directory.CreateDirectory(_folder[name]);
        Train("--epochs", "1").AssertRefused(ExitCode.Failure, $"cannot write to the results folder '{_folder.Path}'", "--results_dir");
    }

    [Fact]
    public void A_lock_that_cannot_be_made_is_not_called_another_run()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege there");
        File.CreateSymbolicLink(_folder[".lock"], "/nowhere/at/all");
        Train("--epochs", "1").AssertRefused(ExitCode.Failure, $"cannot write to the results folder '{_folder.Path}'", "--results_dir");
    }

    [Fact]
    public void A_subfolder_is_the_runs_own()
    {
        Train("--epochs", "1", "--save", "mine");
        Assert.True(File.Exists(_folder["mine/metrics.csv"]));
        Assert.False(File.Exists(_folder["metrics.csv"]));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named()
    {
        File.WriteAllText(_folder["file"], "");
        CommandRun.Of("--results_dir", _folder["file/inside"]).AssertRefused(ExitCode.Failure, _folder["file/inside"], "--results_dir");
    }

    [Fact]
    public void Unfinished_files_of_a_killed_run_are_swept_away()
    {
        File.WriteAllText(_folder["checkpoint.safetensors.abc.tmp"], "");
        File.WriteAllText(_folder["mine.tmp"], "");
        Train("--epochs", "1");
        Assert.Equal([_folder["mine.tmp"]], Directory.GetFiles(_folder.Path, "*.tmp"));
    }

    [Fact]
    public void Two_runs_cannot_share_a_folder()
    {
        using var other = RunFolder.Open(_folder.Path);
        Train("--epochs", "1").AssertRefused(ExitCode.Failure,
            $"another run is using the results folder '{_folder.Path}': process {Environment.ProcessId} on ");
    }

    [Fact]
    public void What_a_killed_run_leaves_does_not_block()
    {
        File.WriteAllText(_folder[".lock"], "");
        File.WriteAllText(_folder[".holder"], "process 1 on nowhere");
        Assert.Equal(ExitCode.Done, Train("--epochs", "1").ExitCode);
        Assert.False(File.Exists(_folder[".holder"]));
    }

    [Fact]
    public void A_failed_save_says_that_the_earlier_one_survives()
    {
        Save("checkpoint").AssertRefused(ExitCode.Failure, "No space left",
            $"{_folder["model_best.safetensors"]} is the only file saved; make room and start again");
        Train("--epochs", "1");
        File.Delete(_folder["model_best.safetensors"]);
        var run = Save("model_best", "--epochs", "2", "--resume");
        Assert.Equal(ExitCode.Failure, run.ExitCode);
        Assert.Contains(
            $"No space left on device ({_folder["checkpoint.safetensors"]} is untouched; make room and add --resume)\n", run.Error);
        Assert.StartsWith("1 ", _folder.Text("checkpoint.safetensors"));

        CommandRun Save(string failing, params string[] arguments)
        {
            var engine = new FakeEngine
            {
                OnSave = path =>
                    _ = path.Contains(failing, StringComparison.Ordinal) ? throw new IOException("No space left on device", NoSpace) : 0,
            };
            return CommandRun.Of(engine, null, [.. s_quiet, "--results_dir", _folder.Path, .. arguments]);
        }
    }

    [Fact]
    public void An_unexpected_exception_is_one_line_and_its_trace_is_in_the_log()
    {
        var engine = new FakeEngine { OnStep = _ => throw new InvalidOperationException("first\nsecond") };
        CommandRun.Of(engine, null, [.. s_quiet, "--results_dir", _folder.Path])
            .AssertRefused(ExitCode.Failure, "InvalidOperationException: first; second", "logger.log");
        Assert.Contains("   at ", _folder.Text("logger.log"));
    }

    [Fact]
    public void A_missing_data_set_leaves_no_folder()
    {
        CommandRun.Of("--results_dir", _folder["new"], "--data_path", "missing").AssertRefused(ExitCode.Data, "missing");
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_run_begins_with_what_it_trains()
    {
        var run = Train("--epochs", "1", "--dataset", "shapes", "--device", "cpu");
        const string Headline = "training resnet20_1w1a (2736 parameters, 2304 of them binary) with ReSTE " +
            "(o_end=3, t=1.5, interval=0.1) on shapes " +
            "(1000 training and 300 test images), a fake device, results in ";
        Assert.StartsWith(Headline + _folder.Path, run.Output);
        Assert.Contains(Headline, _folder.Text("logger.log"));
    }

    [Fact]
    public void A_missing_data_set_exits_with_four_and_moves_nothing()
    {
        Train("--epochs", "1");
        Train("--data_path", "missing").AssertRefused(ExitCode.Data, "missing");
        Assert.False(Directory.Exists(_folder["previous-1"]));
        Assert.Equal(2, _folder.Lines("metrics.csv").Length);
    }

    private CommandRun Train(params string[] arguments) => CommandRun.Of(["--results_dir", _folder.Path, "-p", "100", .. arguments]);
}
