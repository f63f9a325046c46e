using System.Runtime.InteropServices;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host.Tests;

/// <summary>layers.jsonl: flips and histograms counted right, and the same lines whatever interrupts a run.</summary>
public sealed class LayerRecordTests : IDisposable
{
    private const string Layer = "layer1.0.conv1.weight";

    private readonly TemporaryFolder _folder = new(), _whole = new();

    public void Dispose()
    {
        _folder.Dispose();
        _whole.Dispose();
    }

    [Fact]
    public void Flips_and_histograms_are_those_of_a_plain_count()
    {
        CommandRun.Of(Arguments(_folder));
        var lines = _folder.Lines("layers.jsonl").Select(line => LayerLine.Parse(line)!).ToArray();
        Assert.Equal([0, 1, 2], lines.Select(line => line.Epoch));
        foreach (var line in lines)
        {
            Assert.Equal([Layer, "fc.weight"], line.Layers.Select(layer => layer.Name));
            foreach (var layer in line.Layers)
            {
                double[] before = FakeRun.WeightsAt(layer.Weights, line.Epoch, 0);
                double[] after = FakeRun.WeightsAt(layer.Weights, line.Epoch + 1, 0);
                Assert.Equal(before.Zip(after).Count(pair => (pair.First < 0) != (pair.Second < 0)), layer.Flips);
                Assert.Equal(after.Average(Math.Abs), layer.MeanAbs, 12);
                // Values have two digits and the mean has many: no weight lies where two bins meet, but zero.
                Assert.Equal(Enumerable.Range(-20, 40).Select(bin => after.Count(w => Math.Clamp(Math.Floor(5 * w / layer.MeanAbs), -20, 19)
                    == bin)), layer.Histogram);
            }
        }
        Assert.Contains(lines, line => line.Layers[0].Flips > 0);
        Assert.Matches(@"^\{""epoch"":0,""layers"":\[\{""name"":""layer1.0.conv1.weight"",""weights"":2304,""mean_abs"":[0-9.]+," +
            @"""flips"":\d+,""histogram"":\[[0-9,]+\]\},", _folder.Lines("layers.jsonl")[0]);
        Assert.False(File.Exists(_folder["signs.json"]));
    }

    [Fact]
    public void Zeros_are_positive_and_what_lies_beyond_is_in_the_outermost_bins()
    {
        var layer = LayerWeights.Of("w", [0.0, -0.0, -1e-30, 1e-30, 100, -100, 1, -1], null);
        int[] expected = new int[40];
        (expected[0], expected[19], expected[20], expected[39]) = (1, 2, 4, 1);
        Assert.Equal(expected, layer.Histogram);
        Assert.Equal(8, LayerWeights.Of("w", new double[8], null).Histogram[20]);
        Assert.Equal([0b0001_0100], LayerSigns.Pack([0.0, -0.0, -1e-30, 1e-30, -1]));
        Assert.Equal(3, LayerSigns.Flips(LayerSigns.Pack([-1, 1, -1, 1, 1, 1, 1, 1, -1]), LayerSigns.Pack([1, 1, 1, 1, 1, 1, 1, 1, 1])));
        Assert.Null(LayerSigns.Flips(null, [1]));
        Assert.Null(LayerSigns.Flips([1, 2], [1]));
    }

    [Theory]
    [InlineData(0, 0, Phase.Training)]
    [InlineData(1, 3, Phase.Training)]
    [InlineData(1, 9, Phase.Training)]
    [InlineData(2, 2, Phase.Evaluating)]
    public void A_resumed_run_leaves_the_same_lines(int epoch, int step, Phase phase)
    {
        CommandRun.Of(Arguments(_whole));
        Interrupt(epoch, step, phase);
        Assert.True(File.Exists(_folder["signs.json"]));
        // As after a kill: a later line is there, and the last is torn.
        File.AppendAllText(_folder["layers.jsonl"], "{\"epoch\":2,\"layers\":[]}\n{\"epo");
        AssertGoesOnAsWhole();
    }

    [Fact]
    public void A_kill_between_an_epochs_line_and_its_checkpoint_changes_nothing()
    {
        CommandRun.Of(Arguments(_whole));
        Interrupt(1, 3, Phase.Training);
        var (checkpoint, signs) = (_folder.Text("checkpoint.safetensors"), _folder.Text("signs.json"));
        CommandRun.Of([.. Arguments(_folder), "--resume"]);
        File.WriteAllText(_folder["checkpoint.safetensors"], checkpoint);
        File.WriteAllText(_folder["signs.json"], signs);
        AssertGoesOnAsWhole();
    }

    [Fact]
    public void A_kill_between_the_signs_and_their_checkpoint_changes_nothing()
    {
        CommandRun.Of(Arguments(_whole));
        string? checkpoint = null;
        using var interruption = new Interruption(_ => { });
        var engine = new FakeEngine
        {
            OnStep = report =>
            {
                if (report is not { Epoch: 1, Step: 3, Phase: Phase.Training })
                    return;
                checkpoint = _folder.Text("checkpoint.safetensors");
                interruption.Raise(PosixSignal.SIGINT);
            },
        };
        CommandRun.Of(engine, interruption, Arguments(_folder));
        File.WriteAllText(_folder["checkpoint.safetensors"], checkpoint);
        AssertGoesOnAsWhole();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{")]
    [InlineData("{\"Epoch\":0,\"Layers\":{}}")]
    public void Without_its_signs_an_epochs_flips_are_left_out_with_one_line(string? signs)
    {
        Interrupt(1, 3, Phase.Training);
        File.Delete(_folder["signs.json"]);
        if (signs is not null)
            File.WriteAllText(_folder["signs.json"], signs);
        var run = CommandRun.Of([.. Arguments(_folder), "--resume"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("how many signs flip in epoch 2 is not counted\n", run.Error);
        var flips = _folder.Lines("layers.jsonl").Select(line => LayerLine.Parse(line)!.Layers[0].Flips).ToArray();
        Assert.Equal([true, false, true], flips.Select(count => count is not null));
    }

    private static string[] Arguments(TemporaryFolder folder) => ["--results_dir", folder.Path, "--epochs", "3", "-b", "100", "-p", "2"];

    private void Interrupt(int epoch, int step, Phase phase) => CommandRun.Interrupted(PosixSignal.SIGINT,
        report => report.Epoch == epoch && report.Step == step && report.Phase == phase, Arguments(_folder));

    private void AssertGoesOnAsWhole()
    {
        var run = CommandRun.Of([.. Arguments(_folder), "--resume"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.DoesNotContain("signs", run.Error);
        Assert.Equal(_whole.Text("layers.jsonl"), _folder.Text("layers.jsonl"));
        Assert.False(File.Exists(_folder["signs.json"]));
    }
}
