using System.Runtime.InteropServices;

namespace ReSTE.Native.Host.Tests;

/// <summary>`reste report`: one run's page made anew, several on one, and what is refused.</summary>
public sealed class ReportVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_runs_page_is_made_anew()
    {
        var run = Train("one");
        var before = ReportPage.Read(Path.Combine(run, "report.html")).Timeless(run);
        Assert.Equal($"wrote {run}/report.html\n", Report(run).Output);
        Assert.Equal(before, ReportPage.Read(Path.Combine(run, "report.html")).Timeless(run));
        File.Delete(Path.Combine(run, "report.html"));
        File.Delete(Path.Combine(run, "argument.txt"));
        Assert.Equal(ExitCode.Done, Report(run).ExitCode);
        Assert.Contains("has no argument.txt", ReportPage.Read(Path.Combine(run, "report.html")).Text);
    }

    [Fact]
    public void Runs_stand_side_by_side()
    {
        string a = Train("a", "--lr", "0.05"), b = Train("b", "--lr", "0.2", "--cal_ind");
        Assert.Equal(ExitCode.Done, Report(a, b, "--output", _folder["both.html"]).ExitCode);
        var page = ReportPage.Read(_folder["both.html"]);
        Assert.Equal([["a", "done: 3 epochs"], ["b", "done: 3 epochs"]], page.Table("runs").Select(row => row[..2]));
        Assert.Equal(["lr", "0.05", "0.2"], page.Table("differ")[0]);
        Assert.Equal(["cal_ind", "False", "True"], page.Table("differ")[1]);
        Assert.Equal(2, page.Table("differ").Length);
        Assert.Equal("epoch 1\na: 0.01667\nb: 0.06667", page.Hints("Learning rate")[0]);
        Assert.Contains("Signs that flip", page.Charts);
        Assert.Equal("epoch 3\nb: 3.5", page.Hints("Estimating error")[2]);
    }

    [Fact]
    public void A_run_that_is_still_written_is_read_as_far_as_it_is_whole()
    {
        var run = Train("one");
        File.AppendAllText(Path.Combine(run, "metrics.csv"), "3,0.1,1");
        File.AppendAllText(Path.Combine(run, "metrics.jsonl"), "{\"pha");
        Assert.Equal(ExitCode.Done, Report(run).ExitCode);
    }

    [Fact]
    public void A_run_is_running_while_it_holds_its_folder()
    {
        CommandRun? report = null;
        var engine = new FakeEngine
        {
            OnStep = step => report ??= step.Epoch == 2 ? Report(_folder["one"], "--output", _folder["now.html"]) : null,
        };
        CommandRun.Of(engine, null, [.. Arguments("one")]);
        Assert.Equal(ExitCode.Done, report!.ExitCode);
        Assert.Contains("running: epoch 3 of 3", ReportPage.Read(_folder["now.html"]).Text);
        CommandRun.Interrupted(PosixSignal.SIGINT, step => step is { Epoch: 1, Step: 3 }, Arguments("two"));
        Report(_folder["two"]);
        Assert.Contains("stopped after epoch 1 of 3", ReportPage.Read(_folder["two/report.html"]).Text);
    }

    [Theory]
    [InlineData("metrics.csv", "3,0.1,x\n", "line 5 is no row of numbers")]
    [InlineData("metrics.csv", "2,0.1,1,1,1,1,1,1,1,,,1\n", "line 5 has an epoch that was there before")]
    [InlineData("metrics.jsonl", "{\"phase\":\"epoch\"}\n", "line 25 is not what a run writes there")]
    [InlineData("layers.jsonl", "{\"epoch\":3,\"layers\":[{}]}\n", "line 4 is not what a run writes there")]
    public void A_damaged_line_is_named(string file, string line, string words)
    {
        var run = Train("one");
        File.AppendAllText(Path.Combine(run, file), line);
        Report(run).AssertRefused(ExitCode.Failure, Path.Combine(run, file) + ", " + words, "remove the line");
    }

    [Fact]
    public void What_is_no_run_is_refused()
    {
        Report().AssertRefused(ExitCode.Misuse, "report needs DIR");
        Report(_folder["none"]).AssertRefused(ExitCode.Misuse, $"there is no folder '{_folder["none"]}'");
        Report(_folder.Path).AssertRefused(ExitCode.Misuse, $"'{_folder.Path}' is no folder of a run", "metrics.csv", "--save");
        var run = Train("one");
        Report(run, run + "/").AssertRefused(ExitCode.Misuse, "is given twice");
        File.WriteAllText(Path.Combine(run, "metrics.csv"), "epoch\n");
        Report(run).AssertRefused(ExitCode.Failure, "metrics.csv, line 1 does not name the columns");
    }

    [Fact]
    public void A_file_that_is_no_report_of_the_run_is_replaced_by_force_only()
    {
        string a = Train("a"), b = Train("b"), mine = Path.Combine(a, "report.html");
        File.WriteAllText(mine, "my own");
        Report(a).AssertRefused(ExitCode.Misuse, $"'{mine}' is there already, and no report of this run", "--force", "--output");
        Assert.Equal("my own", File.ReadAllText(mine));
        Assert.Equal(ExitCode.Done, Report(a, "--force").ExitCode);
        Report(a, "--output", Path.Combine(b, "report.html")).AssertRefused(ExitCode.Misuse, "no report of this run");
        Report(a, "--output", _folder["nowhere/x.html"]).AssertRefused(ExitCode.Failure, "cannot write", "there is no folder");
        Report(a, "--output", b).AssertRefused(ExitCode.Failure, "cannot write", "it is a folder");
    }

    private static CommandRun Report(params string[] arguments) => CommandRun.Of(["report", .. arguments]);

    private string Train(string name, params string[] arguments)
    {
        CommandRun.Of([.. Arguments(name), .. arguments]);
        return _folder[name];
    }

    private string[] Arguments(string name) =>
        ["--results_dir", _folder.Path, "--save", name, "--epochs", "3", "-b", "100", "-p", "2"];
}
