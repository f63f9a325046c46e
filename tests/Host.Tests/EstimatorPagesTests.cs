using ReSTE.Native.Training;

namespace ReSTE.Native.Host.Tests;

/// <summary>The pages of the estimators: a row, a page and a picture for each, the pictures small and those that are drawn today.</summary>
public sealed class EstimatorPagesTests
{
    private const int MostBytes = 15_000;

    public static TheoryData<string> Names => [.. EstimatorCatalog.Names];

    private static string Pages
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ReSTE.Native.sln")))
                folder = folder.Parent;
            Assert.SkipWhen(folder is null, "the tests run outside the repository");
            return Path.Combine(folder!.FullName, "docs", "estimators");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_estimator_has_a_row_a_page_and_a_picture(string name)
    {
        var rows = File.ReadLines(Path.Combine(Pages, "README.md"));
        var row = rows.Single(line => line.StartsWith($"| `{name}` |", StringComparison.Ordinal));
        var page = File.ReadAllText(Path.Combine(Pages, row.Split("](")[1].Split(')')[0]));
        foreach (var picture in name == "AdaSTE" ? (string[])["AdaSTE-faithful", "AdaSTE-corrected"] : [name])
        {
            Assert.InRange(new FileInfo(Path.Combine(Pages, "plots", picture + ".svg")).Length, 1, MostBytes);
            Assert.Contains($"(plots/{picture}.svg)", page);
        }
    }

    [Theory]
    [InlineData("ReSTE")]
    [InlineData("RBNN")]
    [InlineData("BiPer", "--x_max", "0.25")]
    public void The_pictures_are_those_that_are_drawn(string name, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        using var engine = new EngineAdapter();
        using var interruption = new Interruption();
        string[] all = ["plot-estimator", name, "--output", folder["drawn.svg"], .. arguments];
        Assert.Equal(ExitCode.Done, new App(new HostContext(TextWriter.Null, TextWriter.Null, null, engine, interruption, all)).Run());
        Assert.Equal(folder.Text("drawn.svg"), File.ReadAllText(Path.Combine(Pages, "plots", name + ".svg")));
    }
}
