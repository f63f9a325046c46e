using ReSTE.Native.Training;
using Spectre.Console;

namespace ReSTE.Native.Host.Tests;

public sealed class ProgressTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void PlainShowsStepsAndEpochs()
    {
        var run = CommandRun.Of("--results_dir", _folder.Path, "--epochs", "2", "-p", "4");
        Assert.Contains("TRAINING - Epoch: [1][4/8]", run.Output);
        Assert.Matches(@"epoch 1/2: lr 0\.0333, .*, 1\.2 s, 250 images/s, best so far", run.Output);
    }

    [Fact]
    public void NoneShowsOnlyResults()
    {
        var run = CommandRun.Of("--results_dir", _folder.Path, "--epochs", "2", "--progress", "none");
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("Best_Epoch", lines[0]);
        Assert.StartsWith("Last_Epoch", lines[1]);
    }

    [Fact]
    public void ABarShowsSpeedLossAndTheTimeLeft()
    {
        var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new Wide(output),
        });
        using var interruption = new Interruption();
        var engine = new FakeEngine { OnStep = _ => Thread.Sleep(30) };
        var context = new HostContext(output, output, console, engine, interruption, ["--results_dir", _folder.Path, "--epochs", "2"]);
        Assert.Equal(ExitCode.Done, new App(context).Run());
        Assert.Matches(@"epoch [12]/2 training  \d+ images/s  loss 0\.\d+  top-1 \d+\.\d+ %  \d:\d\d:\d\d left", output.ToString());
        Assert.Contains("Best_Epoch: 2", output.ToString());
        Assert.DoesNotContain("TRAINING - ", output.ToString());
    }

    [Fact]
    public void AStepThatPrintsNothingAllocatesNothing()
    {
        var progress = new RunProgress(new PlainDisplay(TextWriter.Null), null, 1_000_000);
        Assert.Equal(0, BytesOf(progress));
    }

    [Fact]
    public void SpeedCountsOnlyWhatThisProcessDid()
    {
        var meter = new PassMeter();
        meter.Add(new(Phase.Training, 3, 4, 10, 500, 1000, default, default, 0.5));
        meter.Add(new(Phase.Training, 3, 5, 10, 600, 1000, default, default, 0.5));
        Assert.Equal(200, meter.ImagesPerSecond);
        meter.Add(new(Phase.Evaluating, 3, 0, 2, 50, 100, default, default, 0.1));
        Assert.Equal(500, meter.ImagesPerSecond, 9);
        Assert.Equal(0.1, meter.SecondsPerStep);
    }

    private static long BytesOf(RunProgress progress)
    {
        Report(progress, 1, 100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Report(progress, 101, 1000);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Report(RunProgress progress, int first, int last)
    {
        for (var step = first; step < last; step++)
            progress.Report(new(Phase.Training, 0, step, 1000, step + 1, 1000, default, default, 0.01));
    }

    /// <summary>A terminal wide enough for the whole line.</summary>
    private sealed class Wide(TextWriter writer) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;
        public bool IsTerminal => true;
        public int Width => 200;
        public int Height => 50;
        public void SetEncoding(System.Text.Encoding encoding)
        {
        }
    }
}
