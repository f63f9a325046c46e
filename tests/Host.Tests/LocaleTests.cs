using System.Globalization;

namespace ReSTE.Native.Host.Tests;

/// <summary>A decimal comma in the user's locale changes no number read or written.</summary>
public sealed class LocaleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CultureInfo _before = CultureInfo.CurrentCulture;

    public LocaleTests()
    {
        var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        german.NumberFormat.NumberDecimalSeparator = ",";
        german.NumberFormat.NumberGroupSeparator = ".";
        german.NumberFormat.NegativeSign = "~";
        german.DateTimeFormat.DateSeparator = ".";
        german.DateTimeFormat.TimeSeparator = "h";
        CultureInfo.CurrentCulture = german;
    }

    public void Dispose()
    {
        CultureInfo.CurrentCulture = _before;
        _folder.Dispose();
    }

    [Fact]
    public void Numbers_read_and_write_the_same()
    {
        var run = CommandRun.Of("--results_dir", _folder.Path, "--epochs", "2", "--lr", "0.25", "--start_epoch", "-1", "--cal_ind",
            "-p", "1", "--estimator_arg", "t=1.5");
        Assert.Equal(0.25, run.Recipe.LearningRate);
        Assert.Equal(1.5, run.Recipe.EstimatorArguments["t"].Number);
        Assert.All(_folder.Lines("metrics.csv"), line => Assert.Equal(12, line.Split(',').Length));
        var log = _folder.Text("logger.log");
        Assert.Contains("Time 0.500 (0.500)", log);
        Assert.DoesNotMatch(@"\d,\d", log);
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ", log);
        Assert.DoesNotMatch(@"\d,\d", run.Output);
        Assert.Contains("lr:  0.25", _folder.Text("argument.txt"));
        Assert.Contains("start_epoch:  -1", _folder.Text("argument.txt"));
    }

    [Fact]
    public void The_json_reads_the_same()
    {
        CommandRun.Of("bench", "step", "--steps", "3", "--warmup", "1", "--json", _folder["times.json"]);
        Assert.Matches(@"""ms_median"": \d+\.?\d*(E-\d+)?,", _folder.Text("times.json"));
    }
}
