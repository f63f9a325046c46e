using ReSTE.Native.Training;
using Spectre.Console;

namespace ReSTE.Native.Host.Tests;

public sealed class ProgressTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Plain_shows_steps_and_epochs()
    {
        var run = CommandRun.Of("--results_dir", _folder.Path, "--epochs", "2", "-p", "4");
        Assert.Contains("TRAINING - Epoch: [1][4/8]", run.Output);
        Assert.Matches(@"epoch 1/2: lr 0\.0333, .*, 1\.2 s, 250 images/s, best so far", run.Output);
    }

    [Fact]
    public void None_shows_only_results()
    {
        var run = CommandRun.Of("--results_dir", _folder.Path, "--epochs", "2", "--progress", "none");
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("Best_Epoch", lines[0]);
        Assert.StartsWith("Last_Epoch", lines[1]);
    }

    [Fact]
    public void A_bar_shows_speed_loss_and_the_time_left()
    {
        var output = OnTerminal(200, new() { OnStep = _ => Thread.Sleep(30) });
        Assert.Matches(@"[12]/2 train  \d+ img/s  loss 0\.\d\d  top-1 \d+\.\d %  \d:\d\d left", output.ToString());
        Assert.Contains("Best_Epoch: 2", output.ToString());
        Assert.DoesNotContain("TRAINING - ", output.ToString());
        Assert.Matches(@"\e\[0Jepoch +lr +o  train loss +top-1 +val loss +top-1 +top-5 +time +img/s\n", output.ToString());
        Assert.Matches(@"\e\[0J  1/2   0\.0333  1\.000 [^\n]*\* [^\n]* 1\.[23] s +\d+\n", output.ToString());
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(output.ToString(), "train loss"));
    }

    [Fact]
    public void On_a_narrow_terminal_lines_stay_whole()
    {
        var output = OnTerminal(30, new()).ToString();
        Assert.Contains($"\nresults: {_folder.Path}\n", output);
        Assert.Matches(@"\e\[0Jepoch  train loss   top-1\n", output);
    }

    /// <summary>No row is wider than the terminal, none says less than the epoch, and what matters most stays longest.</summary>
    [Fact]
    public void The_rows_of_epochs_fit_any_width()
    {
        var report = new EpochReport(998, 1.25e-5, 2.875, new(1.23456, 55.5, 95.25), new(11.5, 44.25, 100), null, null, 123, true);
        var most = 0;
        for (var width = 5; width < 200; width++)
        {
            var lines = new EpochTable(1000).Add(report, 12345.6, width);
            Assert.Equal(2, lines.Count);
            Assert.All(lines, line => Assert.InRange(line.Length, 1, Math.Max(width, 9)));
            Assert.StartsWith(" 999/1000", lines[1]);
            Assert.Equal(width >= 18, lines[1].Contains("44.25*", StringComparison.Ordinal));
            var columns = lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
            Assert.True(columns >= most);
            most = columns;
        }
        Assert.Equal(" 999/1000   1.3e-5  2.875      1.2346   55.50   11.5000   44.25*  100.00      2:03    12346",
            new EpochTable(1000).Add(report, 12345.6, 200)[1]);
    }

    [Fact]
    public void A_header_stands_above_the_rows_that_have_its_columns()
    {
        var table = new EpochTable(9);
        var report = new EpochReport(0, 0.1, 1, default, default, null, null, 1, false);
        Assert.Equal([2, 1, 2, 1], new[] { 120, 120, 60, 60 }.Select(width => table.Add(report, 0, width).Count));
    }

    [Theory]
    [InlineData(8, 1077, 20)]
    [InlineData(1000, 12345, 10)]
    public void The_bar_fits_80_columns(int epochs, double speed, int bar)
    {
        var numbers = new LiveNumbers(epochs);
        Assert.Equal("starting", numbers.Text());
        for (var step = 0; step < 9; step++)
        {
            Assert.DoesNotContain("left", numbers.Text());
            numbers.Set(new(Phase.Training, epochs - 2, 0, 100, 100, 1_000_000, default, new(12.345, 53.04, 99), 0.1), speed);
        }
        numbers.Set(new(Phase.Training, epochs - 2, 10, 100, 200, 1_000_000, default, new(12.345, 53.04, 99), 0.1), speed);
        Assert.Matches(@"/\d+ train  \d+ img/s  loss 12\.3\d  top-1 53\.0 %  .* left$", numbers.Text());
        Assert.InRange(bar + 2 + numbers.Text().Length, 1, 80);
    }

    /// <summary>The test that follows the last epoch belongs to it.</summary>
    [Fact]
    public void There_is_no_epoch_after_the_last()
    {
        var numbers = new LiveNumbers(3);
        for (var step = 0; step < 9; step++)
            numbers.Set(new(Phase.Evaluating, 3, step, 9, step, 9, default, default, 0.1), 100);
        Assert.StartsWith("3/3 test  100 img/s", numbers.Text());
        Assert.DoesNotContain("left", numbers.Text());
    }

    [Theory]
    [InlineData(49, "0:49")]
    [InlineData(7387, "2:03:07")]
    [InlineData(356400, "4 d 03 h")]
    public void Durations_are_short(double seconds, string expected) =>
        Assert.Equal(expected, Duration.Text(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void A_training_outlives_its_output()
    {
        var (run, output) = WithoutOutput("--results_dir", _folder.Path, "--epochs", "2", "-p", "1");
        Assert.Equal((ExitCode.Done, ""), (run, output));
        Assert.Contains("Best_Epoch", _folder.Text("logger.log"));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("summary")]
    public void A_short_verb_says_that_its_output_was_lost(string verb)
    {
        var (exitCode, error) = WithoutOutput(verb);
        Assert.Equal((ExitCode.Failure, "reste: error: cannot write to standard output: No space left on device\n"), (exitCode, error));
    }

    private StringWriter OnTerminal(int width, FakeEngine engine)
    {
        var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new Terminal(output, width),
        });
        using var interruption = new Interruption();
        var context = new HostContext(output, output, console, engine, interruption, ["--results_dir", _folder.Path, "--epochs", "2"]);
        Assert.Equal(ExitCode.Done, new App(context).Run());
        return output;
    }

    private static (int ExitCode, string Error) WithoutOutput(params string[] arguments)
    {
        using var output = new TolerantWriter(() => new Full());
        using var interruption = new Interruption();
        var error = new StringWriter();
        var exitCode = new App(new HostContext(output, error, null, new FakeEngine { NoGpu = null }, interruption, arguments)).Run();
        var notice = ShapesDefaults.Notice(new() { Epochs = 2, BatchSize = 128 }) + "\n";
        return (exitCode, error.ToString().Replace(notice, "", StringComparison.Ordinal));
    }

    [Fact]
    public void A_step_that_prints_nothing_allocates_nothing()
    {
        var progress = new RunProgress(new PlainDisplay(TextWriter.Null, 1), null, 1_000_000);
        Assert.Equal(0, BytesOf(progress));
    }

    [Fact]
    public void Speed_counts_only_what_this_process_did()
    {
        var meter = new PassMeter();
        meter.Add(new(Phase.Training, 3, 4, 10, 500, 1000, default, default, 0.5, 0.25));
        meter.Add(new(Phase.Training, 3, 5, 10, 600, 1000, default, default, 0.5, 0.125));
        Assert.Equal((200, 0.1875), (meter.ImagesPerSecond, meter.DataSecondsPerStep));
        var line = LogLines.Step(new(Phase.Training, 3, 5, 10, 600, 1000, default, default, 0.5, 0.125), meter);
        Assert.Contains("Time 0.500 (0.500)\tData 0.125 (0.188)\tloss", line, StringComparison.Ordinal);
        meter.Add(new(Phase.Evaluating, 3, 0, 2, 50, 100, default, default, 0.1, 0));
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

    /// <summary>What writing to a full disk is like.</summary>
    private sealed class Full : StringWriter
    {
        public override void Write(char value) => throw new IOException("No space left on device");

        public override void Write(string? value) => throw new IOException("No space left on device");

        public override void WriteLine(string? value) => throw new IOException("No space left on device");
    }

    private sealed class Terminal(TextWriter writer, int width) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;
        public bool IsTerminal => true;
        public int Width => width;
        public int Height => 50;
        public void SetEncoding(System.Text.Encoding encoding)
        {
        }
    }
}
