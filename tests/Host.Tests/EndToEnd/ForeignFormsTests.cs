using ReSTE.Native.Checkpoints;
using ReSTE.Native.StateFiles;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>Every form that other programs write, through every verb that takes weights; and what ours become in those forms.</summary>
public sealed class ForeignFormsTests : IDisposable
{
    private static readonly string[] s_small =
    [
        "--device", "cpu", "--threads", "1", "--dataset", "shapes", "--limit_train", "32", "--limit_test", "16", "-b", "16", "-bt", "16",
        "--progress", "none",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly List<WrittenTensor> _tensors;

    public ForeignFormsTests()
    {
        Reste.Run([.. s_small, "--epochs", "2", "--results_dir", _folder["first"]]).AssertDone();
        _tensors = WrittenState.Of(PublishedState.Open(Ours));
    }

    private string Ours => _folder["first/checkpoint.safetensors"];

    private string Theirs => _folder["theirs"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("zip", "module.", "PyTorch's zip form")]
    [InlineData("stream", "", "PyTorch's stream form, of before 1.6")]
    [InlineData("stream", "module.", "PyTorch's stream form, of before 1.6")]
    [InlineData("safetensors", "module.", "safetensors")]
    public void A_form_and_a_prefix_go_through_every_verb(string form, string prefix, string words)
    {
        WrittenState.Write(Theirs, form, _tensors, prefix);
        var evaluated = Reste.Run(["evaluate", Theirs, .. s_small]).AssertDone();
        Assert.Equal(Reste.Run(["evaluate", Ours, .. s_small]).AssertDone().Output, evaluated.Output);
        Assert.StartsWith($"{Theirs} holds weights saved by another program ({words})", evaluated.Error);

        string[] start = [.. s_small, "--epochs", "1", "--lr", "0", "--init", Theirs, "--results_dir", _folder["second"]];
        var started = Reste.Run(start).AssertDone();
        Assert.Contains($"starting from {Theirs}, which holds weights saved by another program ({words})", started.Error);
        AssertParameters(StateFile.Open(_folder["second/checkpoint.safetensors"]));

        foreach (var converted in new[] { _folder["back.safetensors"], _folder["back.pth"] })
        {
            Reste.Run("convert", Theirs, converted).AssertDone();
            var back = StateFile.Open(converted);
            Assert.Equal(("", _tensors.Count), (back.Prefix, back.Entries.Count));
            foreach (var tensor in _tensors)
                Assert.True(back.Bytes(tensor.Name).Span.SequenceEqual(tensor.Bytes), tensor.Name);
        }

        var list = Reste.Run("convert", Theirs, "--list").AssertDone().Output.Split('\n');
        Assert.StartsWith($"{Theirs}: {words}, {_tensors.Count} tensors, ", list[0]);
        Assert.Matches($@"^{prefix}conv1\.weight +F32   \[16, 3, 3, 3\]$", list[1]);
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("stream")]
    [InlineData("safetensors")]
    public void What_does_not_fit_is_listed_with_a_way_to_look(string form)
    {
        var misfit = _tensors.Where(t => t.Name != "conv1.weight").Select(t => t.Name == "linear.bias" ? t with { Shape = [5, 2] } : t);
        WrittenState.Write(Theirs, form, [.. misfit, new("extra.weight", SafetensorsType.F32, [1], new byte[4])], "module.");
        string[][] commands = [["evaluate", Theirs, .. s_small], [.. s_small, "--init", Theirs, "--results_dir", _folder["second"]]];
        foreach (var command in commands)
        {
            Reste.Run(command).AssertRefused(ExitCode.Checkpoint, "1 missing ('conv1.weight')", "1 unexpected ('extra.weight')",
                "1 of another shape (linear.bias has shape [5,2], the network wants [10])",
                $"(reste convert '{Theirs}' --list shows what it holds)");
        }

        Assert.False(Directory.Exists(_folder["second"]));
        Reste.Run("convert", Theirs, "--list").AssertDone();
    }

    [Fact]
    public void The_recorded_checkpoint_of_the_published_trainer_is_resumed()
    {
        var recorded = Path.Combine(AppContext.BaseDirectory, "reference-data", "checkpoints", "resnet20_1w1a.checkpoint.pth.tar");
        Directory.CreateDirectory(_folder["published"]);
        File.Copy(recorded, _folder["published/checkpoint.pth.tar"]);
        string[] command = [.. s_small, "--lr", "0", "--epochs", "13", "--resume", "--results_dir", _folder["published"]];
        var run = Reste.Run(command).AssertDone();
        Assert.Contains("PyTorch's zip form) of resnet20_1w1a after 12 epochs, best top-1 43.21, and no momentum", run.Error);
        Assert.Contains($"resuming {_folder["published/checkpoint.pth.tar"]} at epoch 13\n", run.Error);
        Assert.StartsWith("12,", File.ReadAllLines(_folder["published/metrics.csv"])[^1]);
        StateDictionary theirs = StateFile.Open(recorded), now = PublishedState.Open(_folder["published/checkpoint.safetensors"]);
        Assert.Equal(("resnet20_1w1a", 13), (now.Model, now.Epoch));
        Assert.InRange(now.BestTop1!.Value, 43.21, 100);
        // A learning rate of zero leaves the parameters as they came.
        Assert.True(theirs.Bytes("layer3.2.conv2.weight").Span.SequenceEqual(now.Bytes("layer3.2.conv2.weight").Span));
    }

    [Fact]
    public void The_best_checkpoint_keeps_its_result_in_every_form()
    {
        var best = PublishedState.Open(Ours).BestTop1;
        Assert.NotNull(best);
        Reste.Run("convert", _folder["first"], _folder["best.pth.tar"]).AssertDone();
        Reste.Run("convert", _folder["first/model_best.safetensors"], _folder["best.safetensors"]).AssertDone();
        foreach (var file in new[] { "best.pth.tar", "best.safetensors" })
            Assert.Equal(best, StateFile.Open(_folder[file]).BestTop1);
    }

    [Fact]
    public void Ours_is_listed_with_what_it_says_and_only_where_it_is_whole()
    {
        foreach (var file in new[] { Ours, _folder["first/model_best.safetensors"] })
        {
            var head = Reste.Run("convert", file, "--list").AssertDone().Output.Split('\n')[0];
            Assert.Matches(@": safetensors, \d+ tensors, \d+ numbers, model resnet20_1w1a, epoch [12], best top-1 [\d.]+$", head);
            var bytes = File.ReadAllBytes(file);
            bytes[^1] ^= 1;
            File.WriteAllBytes(file, bytes);
            Reste.Run("convert", file, "--list").AssertRefused(ExitCode.Checkpoint, "is not as it was written: changed or damaged");
        }
    }

    [Fact]
    public void What_another_form_cannot_hold_is_told_in_a_line()
    {
        WrittenState.Write(Theirs, "zip", [new("__metadata__", SafetensorsType.F32, [1], new byte[4])]);
        Reste.Run("convert", Theirs, _folder["x.safetensors"])
            .AssertRefused(ExitCode.Checkpoint, "a tensor called '__metadata__', which no safetensors file can have");
        WrittenState.Write(Theirs, "safetensors",
            [.. Enumerable.Range(0, 66_000).Select(i => new WrittenTensor($"w{i}", SafetensorsType.F32, [1], new byte[4]))]);
        Reste.Run("convert", Theirs, _folder["x.pth"]).AssertRefused(
            ExitCode.Failure, $"cannot write '{_folder["x.pth"]}'", "a zip archive of more than 65535 members is not supported");
        Assert.Equal(["first", "theirs"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
    }

    private void AssertParameters(StateDictionary file)
    {
        foreach (var tensor in _tensors.Where(t => t.Name.EndsWith("weight", StringComparison.Ordinal)))
            Assert.True(file.Bytes(tensor.Name).Span.SequenceEqual(tensor.Bytes), tensor.Name);
    }
}
