using System.Runtime.InteropServices;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host.Tests;

/// <summary>report.html of a run: what it shows, when, and that an interruption leaves no trace in it.</summary>
public sealed class ReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_shows_the_numbers_of_the_run()
    {
        CommandRun.Of([.. Arguments(_folder.Path), "--cal_ind"]);
        var page = ReportPage.Read(_folder["report.html"]);
        Assert.Equal(["Loss", "Accuracy", "Learning rate", "Exponent o of the estimator", "Estimating error", "Gradient stability",
            "Signs that flip", "Mean |w| of the latent weights", "Weights near zero", "Seconds per epoch", "Training speed"], page.Charts);
        var rows = new MetricsFile(_folder["metrics.csv"]).Rows();
        Assert.Equal(rows.Select(row => $"epoch {row.Epoch + 1}\ntraining: {Numbers.Short(row.Train.Loss)}\n" +
            $"validation: {Numbers.Short(row.Validation.Loss)}"), page.Hints("Loss"));
        Assert.Contains($"validation: {Numbers.Short(rows[0].Validation.Top1)} in epoch 1, {Numbers.Short(rows[2].Validation.Top1)} in " +
            "epoch 3", page.Description("Accuracy"));
        var last = LayerLine.Parse(_folder.Lines("layers.jsonl")[2])!.Layers;
        Assert.Equal(last.Select(layer => Numbers.Text(layer.Flips!.Value)), page.Table("layers").Select(row => row[4]));
        Assert.Equal(["layer1.0.conv1", "fc"], page.Table("layers").Select(row => row[0]));
        string[] words = ["done: 3 epochs", "Training resnet20_1w1a (", "(1000 training and 300 test images)", "a fake device",
            BuildInfo.Version, Machine.Processor, Machine.System];
        Assert.All(words, word => Assert.Contains(SvgText.Escape(word), page.Text));
        Assert.Contains("<th scope=\"row\">batch_size</th><td>100</td>", page.Text);
        Assert.Contains($"<dd>{Numbers.Fixed(rows[1].Validation.Top1, 2)} % <small>epoch 2</small>", page.Text);
    }

    [Fact]
    public void What_was_not_measured_is_not_drawn()
    {
        CommandRun.Of(Arguments(_folder.Path));
        var page = ReportPage.Read(_folder["report.html"]);
        Assert.DoesNotContain("Estimating error", page.Charts);
        Assert.Contains("With --cal_ind a run measures", page.Text);
    }

    [Fact]
    public void It_is_there_from_the_beginning_and_grows_with_the_epochs()
    {
        var seen = new List<ReportPage>();
        var engine = new FakeEngine
        {
            OnStep = report =>
            {
                if (report is { Step: 2, Phase: Phase.Training })
                    seen.Add(ReportPage.Read(_folder["report.html"]));
            },
        };
        CommandRun.Of(engine, null, Arguments(_folder.Path));
        Assert.Contains("No epoch is done yet.", seen[0].Text);
        Assert.Contains("running: epoch 1 of 3", seen[0].Text);
        Assert.Contains("running: epoch 2 of 3", seen[1].Text);
        Assert.Single(seen[1].Hints("Accuracy"));
    }

    [Fact]
    public void An_interrupted_run_and_one_that_failed_say_where_they_stopped()
    {
        CommandRun.Interrupted(PosixSignal.SIGTERM, report => report is { Epoch: 1, Step: 3 }, Arguments(_folder.Path));
        Assert.Contains("stopped after epoch 1 of 3", ReportPage.Read(_folder["report.html"]).Text);
        var engine = new FakeEngine { OnStep = report => _ = report.Epoch < 2 ? 0 : throw new InvalidOperationException("broken") };
        Assert.Equal(ExitCode.Failure, CommandRun.Of(engine, null, [.. Arguments(_folder.Path), "--resume"]).ExitCode);
        Assert.Contains("stopped after epoch 2 of 3", ReportPage.Read(_folder["report.html"]).Text);
    }

    [Theory]
    [InlineData(0, 0, Phase.Training)]
    [InlineData(1, 3, Phase.Training)]
    [InlineData(2, 2, Phase.Evaluating)]
    public void A_resumed_run_leaves_the_same_page(int epoch, int step, Phase phase)
    {
        using var whole = new TemporaryFolder();
        CommandRun.Of(Arguments(whole.Path));
        CommandRun.Interrupted(PosixSignal.SIGINT, report => report.Epoch == epoch && report.Step == step && report.Phase == phase,
            Arguments(_folder.Path));
        CommandRun.Of([.. Arguments(_folder.Path), "--resume"]);
        Assert.Equal(ReportPage.Read(whole["report.html"]).Timeless(whole.Path),
            ReportPage.Read(_folder["report.html"]).Timeless(_folder.Path));
    }

    [Fact]
    public void The_test_of_a_run_that_held_images_out_is_in_it()
    {
        CommandRun.Of([.. Arguments(_folder.Path), "--val_split", "0.1"]);
        var page = ReportPage.Read(_folder["report.html"]);
        Assert.Contains("test images with the last weights (epoch 3):", page.Text);
        Assert.Contains("test images with the best weights (epoch 2):", page.Text);
        Assert.Contains("held out of training", page.Text);
    }

    [Fact]
    public void Hostile_names_are_words_and_nothing_else()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no folder has such a name there");
        var name = "<b onload=\"x\">&amp;'\u0001\uFFFE😀";
        CommandRun.Of([.. Arguments(_folder.Path), "--save", name]);
        var page = ReportPage.Read(Path.Combine(_folder.Path, name, "report.html"));
        Assert.DoesNotContain("<b onload", page.Text);
        Assert.Contains("&lt;b onload=&quot;x&quot;&gt;&amp;amp;&apos;\uFFFD\uFFFD😀", page.Text);
    }

    [Fact]
    public void Curves_of_very_many_epochs_keep_their_ends_and_extremes()
    {
        var points = Enumerable.Range(0, 5000).Select(i => (i, i == 3210 ? 50.0 : i == 777 ? -50 : Math.Sin(i))).ToArray();
        var drawn = new Curve("c", "s0", [.. points, (5000, double.NaN)]).Drawn;
        Assert.InRange(drawn.Count, 200, 302);
        Assert.Equal([1.0, 5000], [drawn[0].X, drawn[^1].X]);
        Assert.Contains((3211.0, 50.0), drawn);
        Assert.Contains((778.0, -50.0), drawn);
        Assert.Equal(drawn.OrderBy(point => point.X), drawn);
    }

    [Theory]
    [InlineData(0, 11)]
    [InlineData(1e-300, 11)]
    [InlineData(12345.678, 11)]
    [InlineData(1e299, 11)]
    [InlineData(1.7e308, 4)]
    public void Numbers_of_any_size_are_drawn_that_find_room_on_an_axis(double value, int charts)
    {
        CommandRun.Of([.. Arguments(_folder.Path), "--cal_ind"]);
        var csv = new MetricsFile(_folder["metrics.csv"]);
        csv.Create();
        foreach (var (epoch, number) in ((double[])[value, value, value / 3, value, double.NaN]).Index())
            csv.Append(new(epoch, number, number, new(number, number, 0), new(number, number, 0), number, number, number, false));
        Assert.Equal(ExitCode.Done, CommandRun.Of("report", _folder.Path).ExitCode);
        Assert.Equal(charts, ReportPage.Read(_folder["report.html"]).Charts.Length);
    }

    private static string[] Arguments(string folder) => ["--results_dir", folder, "--epochs", "3", "-b", "100", "-p", "2"];
}
