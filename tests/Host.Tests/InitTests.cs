using System.Runtime.InteropServices;
using ReSTE.Native.Checkpoints;

namespace ReSTE.Native.Host.Tests;

/// <summary>--init and what is said of the files that weights come from.</summary>
public sealed class InitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public InitTests() => File.WriteAllText(_folder["weights"], "the engine here reads none");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_starts_from_a_file()
    {
        var run = CommandRun.Of("--init", _folder["weights"], "--epochs", "1", "--results_dir", _folder["run"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal(_folder["weights"], run.Engine.Run!.StartsFrom);
        Assert.Contains($"starting from {_folder["weights"]}, which holds weights saved by another program (PyTorch's zip form) "
            + "of resnet20_1w1a after 12 epochs, best top-1 43.21; momentum starts at zero\n", run.Error);
    }

    [Theory]
    [InlineData("--init", "FILE")]
    [InlineData("--init=FILE")]
    [InlineData("--in", "FILE")]
    [InlineData("--ini=FILE")]
    public void The_resume_command_leaves_it_out(params string[] init)
    {
        string[] given = [.. init.Select(word => word.Replace("FILE", _folder["weights"], StringComparison.Ordinal))];
        using var interruption = new Interruption(_ => { });
        var engine = new FakeEngine { OnStep = _ => interruption.Raise(PosixSignal.SIGINT) };
        var run = CommandRun.Of(engine, interruption, ["--epochs", "3", .. given, "--results_dir", _folder["run"]]);
        Assert.Contains($"resume with: reste --epochs 3 --results_dir {_folder["run"]} --resume\n", run.Output);
    }

    [Fact]
    public void An_evaluation_takes_its_file_alone()
    {
        var run = CommandRun.Of("evaluate", _folder["weights"], "--init", _folder["none"], "--resume");
        Assert.Equal((ExitCode.Done, null), (run.ExitCode, run.Engine.Run!.StartsFrom));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Our_own_checkpoint_comes_before_the_published_one(bool both)
    {
        File.WriteAllText(_folder["checkpoint.pth.tar"], "the engine here reads none");
        if (both)
            File.WriteAllText(_folder["checkpoint.safetensors"], "1 0 False 50 0 2");
        var run = CommandRun.Of("--resume", "--epochs", "2", "--results_dir", _folder.Path);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal(both ? null : _folder["checkpoint.pth.tar"], run.Engine.Run!.ResumedFrom);
        Assert.Contains($"resuming {_folder[both ? "checkpoint.safetensors" : "checkpoint.pth.tar"]} at epoch 2\n", run.Error);
        Assert.Equal(!both, run.Error.Contains("no momentum, which starts at zero", StringComparison.Ordinal));
        Assert.True(File.Exists(_folder["argument.txt"]));
    }

    [Fact]
    public void A_conversion_that_finds_no_room_says_so()
    {
        byte[] header = [.. """{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"""u8];
        File.WriteAllBytes(_folder["in.safetensors"], [.. BitConverter.GetBytes((long)header.Length), .. header, 0, 0, 0, 0]);
        CommandRun.Of("convert", _folder["in.safetensors"], _folder["out.pth"])
            .AssertRefused(ExitCode.Failure, $"cannot write '{_folder["out.pth"]}'", "no room");
    }

    // Nothing is trained: a smaller batch is no way out.
    [Fact]
    public void A_conversion_that_finds_no_memory_says_so_without_a_word_of_batches()
    {
        File.WriteAllText(_folder["in.safetensors"], "x");
        foreach (var last in new[] { "--list", _folder["out.pth"] })
        {
            var engine = new FakeEngine { OnRead = () => throw new OutOfMemoryException() };
            var file = _folder["in.safetensors"];
            var run = CommandRun.Of(engine, null, "convert", file, last);
            run.AssertRefused(ExitCode.Failure, $"out of memory: '{file}' and its tensors are larger than what is free");
            Assert.DoesNotContain("batch", run.Error);
        }
    }

    [Fact]
    public void A_file_that_names_code_gets_advice()
    {
        var problem = new CheckpointException(CheckpointFault.Forbidden, "c", "the name os.system, which no checkpoint of weights uses");
        Assert.Contains("save its state_dict() alone", Trouble.Explain(problem).Hint);
        Assert.Equal(ExitCode.Checkpoint, Trouble.Explain(problem).ExitCode);
    }
}
