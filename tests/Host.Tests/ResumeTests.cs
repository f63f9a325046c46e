using System.Runtime.InteropServices;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host.Tests;

/// <summary>Interrupted runs and what their files look like after they have been taken up again.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(PosixSignal.SIGINT, ExitCode.Interrupted)]
    [InlineData(PosixSignal.SIGTERM, ExitCode.Terminated)]
    [InlineData(PosixSignal.SIGHUP, ExitCode.HungUp)]
    public void A_signal_finishes_the_step_and_saves(PosixSignal signal, int exitCode)
    {
        var run = TrainUntil(signal, report => report is { Epoch: 1, Step: 3, Phase: Phase.Training });
        Assert.Equal(exitCode, run.ExitCode);
        Assert.StartsWith("1 4 ", _folder.Text("checkpoint.safetensors"));
        Assert.Contains($"interrupted by {signal} in epoch 2 of 3", run.Output);
        Assert.Contains($"resume with: reste --results_dir {_folder.Path} --epochs 3 -b 100 -p 2 --resume", run.Output);
        Assert.DoesNotContain("error", run.Error);
    }

    [Theory]
    [InlineData(0, 0, Phase.Training)]
    [InlineData(1, 3, Phase.Training)]
    [InlineData(1, 9, Phase.Training)]
    [InlineData(1, 1, Phase.Evaluating)]
    [InlineData(2, 2, Phase.Evaluating)]
    public void A_resumed_run_leaves_the_same_rows_and_step_lines(int epoch, int step, Phase phase)
    {
        using var whole = new TemporaryFolder();
        CommandRun.Of([.. Arguments(whole.Path)]);
        TrainUntil(PosixSignal.SIGINT, report => report.Epoch == epoch && report.Step == step && report.Phase == phase);
        Assert.Equal(ExitCode.Done, Resume().ExitCode);
        Assert.Equal(whole.Text("metrics.csv"), _folder.Text("metrics.csv"));
        Assert.Equal(whole.Text("checkpoint.safetensors"), _folder.Text("checkpoint.safetensors"));
        Assert.Equal(Steps(whole), Steps(_folder));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_run_killed_after_a_checkpoint_is_cut_back_to_it(int epoch)
    {
        using var whole = new TemporaryFolder();
        CommandRun.Of([.. Arguments(whole.Path)]);
        TrainUntil(PosixSignal.SIGINT, report => report.Epoch == epoch && report is { Step: 5, Phase: Phase.Training });
        var checkpoint = File.ReadAllBytes(_folder["checkpoint.safetensors"]);
        Resume();
        // As after a kill: later rows and lines are there, the last of each torn, but the checkpoint is the old one.
        File.WriteAllBytes(_folder["checkpoint.safetensors"], checkpoint);
        File.AppendAllText(_folder["metrics.csv"], "3,0.1,1");
        File.AppendAllText(_folder["logger.log"], "2024-01-01 00:00:00 - INFO - TRAI");
        Assert.Equal(ExitCode.Done, Resume().ExitCode);
        Assert.Equal(whole.Text("metrics.csv"), _folder.Text("metrics.csv"));
        Assert.Equal(Steps(whole), Steps(_folder));
    }

    /// <summary>As after a kill between the first line of an epoch and its first step, or in the middle of the line.</summary>
    [Theory]
    [InlineData("2024-01-01 00:00:00 - INFO - lr: 0.1\n2024-01-01 00:00:00 - INFO - o is 1.0,  o_a is 1.0\n")]
    [InlineData("2024-01-01 00:00:00 - INFO - lr: 0.1\n")]
    [InlineData("2024-01-01 00:00:00 - INFO - lr: 0")]
    public void An_epoch_that_was_announced_and_not_begun_is_announced_once(string left)
    {
        using var whole = new TemporaryFolder();
        CommandRun.Of([.. Arguments(whole.Path)]);
        // The signal comes while the second epoch is saved: the checkpoint stands at the start of the third.
        using var interruption = new Interruption(_ => { });
        var saves = 0;
        var engine = new FakeEngine
        {
            OnSave = path =>
            {
                if (path == _folder["checkpoint.safetensors"] && ++saves == 2)
                    interruption.Raise(PosixSignal.SIGINT);
            },
        };
        CommandRun.Of(engine, interruption, [.. Arguments(_folder.Path)]);
        Assert.StartsWith("2 0 ", _folder.Text("checkpoint.safetensors"));
        File.AppendAllText(_folder["logger.log"], left);
        Assert.Equal(ExitCode.Done, Resume().ExitCode);
        Assert.Equal(Steps(whole), Steps(_folder));
        Assert.Equal(3, Steps(_folder).Count(line => line.Contains(" lr: ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_log_without_its_run_can_be_resumed()
    {
        TrainUntil(PosixSignal.SIGINT, report => report is { Epoch: 1, Step: 3 });
        File.Delete(_folder["logger.log"]);
        File.Delete(_folder["metrics.csv"]);
        Assert.Equal(ExitCode.Done, Resume().ExitCode);
        Assert.Equal(3, _folder.Lines("metrics.csv").Length);
    }

    [Fact]
    public void A_finished_run_has_nothing_to_resume()
    {
        CommandRun.Of([.. Arguments(_folder.Path)]);
        var metrics = _folder.Text("metrics.csv");
        var again = Resume();
        Assert.Equal(ExitCode.Done, again.ExitCode);
        Assert.Equal("already finished: 3 epochs; nothing to train\n", again.Output);
        Assert.Single(_folder.Lines("logger.log"), line => line.Contains("*DONE*", StringComparison.Ordinal));
        Assert.Equal(metrics, _folder.Text("metrics.csv"));
    }

    [Fact]
    public void Resuming_nothing_exits_with_five_and_creates_nothing()
    {
        CommandRun.Of("--resume", "--results_dir", _folder["none"]).AssertRefused(ExitCode.Checkpoint, "no checkpoint", _folder["none"]);
        Assert.False(Directory.Exists(_folder["none"]));
    }

    [Fact]
    public void A_damaged_checkpoint_leaves_the_files_alone()
    {
        CommandRun.Of([.. Arguments(_folder.Path)]);
        File.WriteAllText(_folder["checkpoint.safetensors"], "x");
        var metrics = _folder.Text("metrics.csv");
        CommandRun.Of([.. Arguments(_folder.Path), "--resume"]).AssertRefused(ExitCode.Checkpoint, "damaged");
        Assert.Equal(metrics, _folder.Text("metrics.csv"));
    }

    [Fact]
    public void A_signal_during_start_up_leaves_no_run()
    {
        using var interruption = new Interruption(_ => { });
        var engine = new FakeEngine { OnOpen = () => interruption.Raise(PosixSignal.SIGTERM) };
        var run = CommandRun.Of(engine, interruption, [.. Arguments(_folder.Path)]);
        Assert.Equal(ExitCode.Terminated, run.ExitCode);
        Assert.False(File.Exists(_folder["checkpoint.safetensors"]));
        Assert.Equal("interrupted by SIGTERM before there was anything to save\n", run.Output);
    }

    [Fact]
    public void A_signal_before_a_resumed_run_goes_on_leaves_its_checkpoint()
    {
        TrainUntil(PosixSignal.SIGINT, report => report is { Epoch: 1, Step: 3 });
        using var interruption = new Interruption(_ => { });
        var engine = new FakeEngine { OnOpen = () => interruption.Raise(PosixSignal.SIGINT) };
        var run = CommandRun.Of(engine, interruption, [.. Arguments(_folder.Path), "--resume"]);
        Assert.Equal($"interrupted by SIGINT while starting; the checkpoint in {_folder.Path} is as it was\n", run.Output);
    }

    [Fact]
    public void An_interrupted_evaluation_says_only_that()
    {
        File.WriteAllText(_folder["weights"], "x");
        using var interruption = new Interruption(_ => { });
        var engine = new FakeEngine { OnStep = _ => interruption.Raise(PosixSignal.SIGINT) };
        var run = CommandRun.Of(engine, interruption, "evaluate", _folder["weights"], "--progress", "none");
        Assert.Equal((ExitCode.Interrupted, "interrupted by SIGINT\n"), (run.ExitCode, run.Output));
    }

    [Theory]
    [InlineData("SigIgn:\t0000000000001001", true)]
    [InlineData("SigIgn:\t0000000000001000", false)]
    [InlineData("SigCgt:\t0000000000000001", false)]
    public void An_ignored_hang_up_is_read(string line, bool expected) =>
        Assert.Equal(expected, IgnoredSignals.HangUp(["Name:\treste", line]));

    [Fact]
    public void A_resume_with_other_settings_names_the_flags()
    {
        var problem = Trouble.Explain(Differing(new("LearningRate", "0.1", "0.2"), new("BatchSizeTest", "1", "2")));
        Assert.Equal("c: was saved with other settings: --lr was 0.1, is 0.2; --batch_size_test was 1, is 2", problem.Message);
        Assert.Contains("leave out --resume to start anew", problem.Hint);
        foreach (var setting in typeof(Recipe).GetProperties())
        {
            var explained = Trouble.Explain(Differing(new SettingDifference(setting.Name, "1", "2"))).Message;
            Assert.Contains(new TrainingFlags().All, flag => explained.EndsWith($" {flag.Name} was 1, is 2", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_checkpoint_that_does_not_know_its_data_is_resumed_with_one_line()
    {
        TrainUntil(PosixSignal.SIGINT, report => report is { Epoch: 1, Step: 3 });
        var run = CommandRun.Of(new FakeEngine { Match = DataMatch.Unknown }, null, [.. Arguments(_folder.Path), "--resume"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        var line = $"{_folder["checkpoint.safetensors"]} was saved by an earlier version: " +
            "whether these are the data it was trained on could not be compared";
        Assert.Contains(line + "\n", run.Error);
        Assert.Contains(line, _folder.Text("logger.log"));
    }

    [Theory]
    [InlineData(DataMatch.Same, "")]
    [InlineData(DataMatch.Unknown, "")]
    [InlineData(DataMatch.Other, "evaluating on other data than {0} was trained and tested on\n")]
    public void Evaluating_on_other_data_takes_one_line(DataMatch match, string expected)
    {
        File.WriteAllText(_folder["weights"], "the engine here reads none");
        var run = CommandRun.Of(new FakeEngine { Match = match }, null,
            "evaluate", _folder["weights"], "--dataset", "cifar10", "--device", "cpu", "--progress", "none");
        Assert.Equal((ExitCode.Done, string.Format(expected, _folder["weights"])), (run.ExitCode, run.Error));
    }

    [Fact]
    public void A_speed_nobody_saw_is_not_shown()
    {
        TrainUntil(PosixSignal.SIGINT, report => report is { Epoch: 1, Step: 1, Phase: Phase.Evaluating });
        var lines = Resume().Output.Split('\n');
        Assert.Contains(lines, line =>
            line.StartsWith("epoch 2/3", StringComparison.Ordinal) && !line.Contains("images/s", StringComparison.Ordinal));
        Assert.Contains(lines, line =>
            line.StartsWith("epoch 3/3", StringComparison.Ordinal) && line.Contains("images/s", StringComparison.Ordinal));
    }

    [Fact]
    public void The_resume_command_can_be_pasted() =>
        Assert.Equal("resume with: reste --save 'my run' --lr .1 'it'\\''s' --resume",
            ResumeCommand.Advice(["--save", "my run", "--lr", ".1", "it's"], resumes: false, "reste"));

    [Fact]
    public void Without_a_command_the_resume_is_put_in_words()
    {
        Assert.Equal("resume with the same command and --resume", ResumeCommand.Advice(["--lr", ".1"], resumes: false, null));
        Assert.Equal("resume with the same command", ResumeCommand.Advice(["--resume"], resumes: true, null));
        Assert.Null(ResumeCommand.ProgramOnPath());
    }

    /// <summary>What the engine throws for other settings, as far as a program outside it can make one.</summary>
    private static CheckpointException Differing(params SettingDifference[] settings) =>
        new(CheckpointFault.OtherSettings, "c", "was saved with other settings") { Settings = settings };

    private CommandRun Resume() => CommandRun.Of([.. Arguments(_folder.Path), "--resume"]);

    private CommandRun TrainUntil(PosixSignal signal, Func<StepReport, bool> when) =>
        CommandRun.Interrupted(signal, when, Arguments(_folder.Path));

    private static string[] Arguments(string folder) => ["--results_dir", folder, "--epochs", "3", "-b", "100", "-p", "2"];

    /// <summary>The lines that begin an epoch and those of its steps, without their date.</summary>
    private static string[] Steps(TemporaryFolder folder) =>
        [.. folder.Lines("logger.log").Where(line => line.Contains("- Epoch: [", StringComparison.Ordinal)
            || line.Contains(" - INFO - lr: ", StringComparison.Ordinal) || line.Contains(" - INFO - o is ", StringComparison.Ordinal))
            .Select(line => line[20..])];
}
