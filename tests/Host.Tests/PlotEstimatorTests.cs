using System.Globalization;
using System.Xml.Linq;
using ReSTE.Native.Host.Tests.EndToEnd;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host.Tests;

/// <summary>`reste plot-estimator`: what its table and its picture hold, for every estimator there is, and what it refuses.</summary>
public sealed class PlotEstimatorTests : IDisposable
{
    // Sums of a few hundred integrals, each to 1e-10; 0.1, 1.5 and ReSTE's o are single precision, with slopes up to 5.
    private const double Tolerance = 1e-6;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. EstimatorCatalog.Names];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_estimator_has_a_picture_and_a_table(string name)
    {
        var run = Plot(name, "--epochs", "20");
        Assert.Equal((ExitCode.Done, $"wrote {_folder[$"{name}.svg"]}\nwrote {_folder[$"{name}.csv"]}\n"),
            (run.ExitCode, run.Output.ReplaceLineEndings("\n")));
        var picture = XDocument.Parse(_folder.Text($"{name}.svg"));
        Assert.Contains(name, picture.Root!.Element(picture.Root.Name.Namespace + "title")!.Value);
        var rows = Rows(name);
        Assert.Equal([0, 5, 10, 15, 19], rows.Select(row => row.Epoch).Distinct());
        Assert.Equal(name == "AdaSTE" ? ["weights under g = 0.01", "weights under g = -0.01"] : ["weights", "activations"],
            rows.Select(row => row.Operand).Distinct());
        Assert.All(rows, row => Assert.True(double.IsFinite(row.Forward) && double.IsFinite(row.Slope)));
        Assert.All(rows.Where(row => row.X == 0), row => Assert.Equal(0, row.Forward));
    }

    [Theory]
    [InlineData(0.5, 0.7937005260, 0.5291336840)] // o = 3: x^(1/3), x^(-2/3) / 3
    [InlineData(-1, -1, 1.0 / 3)]
    [InlineData(0.05, 0.2320794417, 4.6415888336)] // the secant of 0.1
    [InlineData(2, 1.1447142426, 0)] // 1.5^(1/3), no slope beyond 1.5
    public void ReSTE_is_the_root_of_its_exponent(double x, double forward, double slope)
    {
        // The end is never reached: the exponent of epoch 500 of 1000 is 1 + (1 - cos(pi/4)) (o_end - 1), 3 with this o_end.
        string end = (1 + 2 / (1 - Math.Cos(Math.PI / 4))).ToString("R", CultureInfo.InvariantCulture);
        Plot("ReSTE", "--o_end", end, "--at", "500");
        foreach (string operand in (string[])["weights", "activations"])
            AssertPoint(500, operand, x, forward, slope, Rows("ReSTE"));
    }

    [Fact]
    public void Curves_follow_their_formulas_through_the_schedule()
    {
        Plot("EDE", "--epochs", "400", "--at", "0,300");
        // t = 0.001, k = 1000; then t = 1, k = 1.
        AssertPoint(0, "weights", 1.5, 1000 * Math.Tanh(0.0015), 1 / Math.Pow(Math.Cosh(0.0015), 2), Rows("EDE"));
        AssertPoint(300, "activations", -0.75, Math.Tanh(-0.75), 0.596586, Rows("EDE"), 1e-6);
        Plot("SignSwish");
        double s = 1 / (1 + Math.Exp(-2.5)), swish = 2 * s * (1 + 2.5 * (1 - s)) - 1;
        AssertPoint(0, "weights", 0.5, swish, -0.084622, Rows("SignSwish"), 1e-6);
        Plot("STE");
        AssertPoint(999, "weights", 1.75, 1, 0, Rows("STE"));
        Plot("IdentitySTE");
        AssertPoint(999, "weights", 1.75, 1.75, 1, Rows("IdentitySTE"));
    }

    [Fact]
    public void Weights_and_activations_have_rows_of_their_own_where_they_differ()
    {
        Plot("ApproxSign");
        AssertPoint(0, "weights", 0.5, 0.5, 1, Rows("ApproxSign"));
        AssertPoint(0, "activations", 0.5, 0.75, 1, Rows("ApproxSign"));
        AssertPoint(0, "activations", -0.25, -0.4375, 1.5, Rows("ApproxSign"));
        Assert.Equal(["weights: forward", "weights: slope", "activations: forward", "activations: slope"], Panels("ApproxSign"));
        Assert.Contains("every epoch", _folder.Text("ApproxSign.svg"));
        Plot("ReSTE");
        Assert.Equal(["weights and activations: forward", "weights and activations: slope"], Panels("ReSTE"));
        Assert.Contains("epoch 999", _folder.Text("ReSTE.svg"));
    }

    [Fact]
    public void BiPer_draws_the_sine_of_weights()
    {
        Plot("BiPer", "--x_max", "0.5");
        AssertPoint(999, "weights", 0.1, Math.Sin(2), 20 * Math.Cos(2), Rows("BiPer"));
    }

    [Theory]
    [InlineData("faithful", 0.01, 0)]
    [InlineData("corrected", 0.01, 0.5)]
    [InlineData("faithful", -0.01, 0.989609)]
    [InlineData("corrected", -0.01, 0.989609)]
    public void AdaSTE_draws_its_map_and_its_factor_in_both_presets(string preset, double g, double factor)
    {
        // The factor's values to half a unit of their last digit.
        var run = Plot("AdaSTE", "--estimator_arg", $"preset={preset}", "--at", "0,188");
        Assert.Equal("", run.Error);
        string operand = FormattableString.Invariant($"weights under g = {g}");
        AssertPoint(0, operand, 0.6, 0.604260, factor, Rows("AdaSTE"), 5e-7);
        AssertPoint(188, operand, -0.6, -1, g > 0 ? 0 : 0.5, Rows("AdaSTE"));
    }

    [Theory]
    [InlineData("OvSW")]
    [InlineData("Bop")]
    [InlineData("IdentitySTE")]
    public void Weights_without_a_curve_of_their_own_are_said_to_have_none(string name) =>
        Assert.Contains($"{name} has no curve of its own for weights", Plot(name).Error);

    [Fact]
    public void An_exponent_that_is_not_used_is_said_not_to_be() =>
        Assert.Contains("--o_end is not used: STE has no such exponent", Plot("ste", "--o_end", "2").Error);

    [Fact]
    public void A_file_of_a_known_form_is_written_alone_and_replaced()
    {
        File.WriteAllText(_folder["mine.csv"], "old");
        var run = Reste.Run("plot-estimator", "STE", "--output", _folder["mine.csv"]);
        Assert.Equal((ExitCode.Done, "wrote " + _folder["mine.csv"]), (run.ExitCode, run.Output.TrimEnd()));
        Assert.StartsWith("epoch,operand,x,forward,slope\n0,weights,-2,-1,0\n", _folder.Text("mine.csv"));
        Assert.Equal([_folder["mine.csv"]], Directory.GetFileSystemEntries(_folder.Path));
        Reste.Run("plot-estimator", "STE", "--output", _folder["new/folder"]);
        Assert.True(File.Exists(_folder["new/folder/STE.svg"]));
    }

    [Theory]
    [InlineData("unknown estimator 'ReSTA' (did you mean 'ReSTE'?)", "ReSTA")]
    [InlineData("plot-estimator needs NAME")]
    [InlineData("--estimator_arg alpha=2: it must be a number between 0 and 1", "DSQ", "--estimator_arg", "alpha=2")]
    [InlineData("estimator STE has no argument 't'; it takes none", "STE", "--estimator_arg", "t=1")]
    [InlineData("--o_end: 0.5 is out of range", "ReSTE", "--o_end", "0.5")]
    [InlineData("--at: there is no epoch 10 (with --epochs 10 they are 0 to 9)", "ReSTE", "--epochs", "10", "--at", "0,10")]
    [InlineData("--at: -1 is too small", "ReSTE", "--at", "-1")]
    [InlineData("--at: '' is not a whole number", "ReSTE", "--at", "1,")]
    [InlineData("--epochs: 0 is too small", "ReSTE", "--epochs", "0")]
    [InlineData("--x_max: 0 is out of range", "ReSTE", "--x_max", "0")]
    [InlineData("the curve of weights in epoch 0 is too steep to be drawn", "SignSwish", "--estimator_arg", "beta=1.7e308")]
    [InlineData("--output: must not be empty", "ReSTE", "--output", "")]
    public void What_cannot_be_drawn_is_refused_and_leaves_nothing(string words, params string[] arguments)
    {
        Reste.Run(["plot-estimator", .. arguments, .. arguments.Contains("--output") ? (string[])[] : ["--output", _folder.Path]])
            .AssertRefused(ExitCode.Misuse, words);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_place_that_cannot_be_written_ends_with_one()
    {
        File.WriteAllText(_folder["file"], "");
        Reste.Run("plot-estimator", "STE", "--output", _folder["file/within"]).AssertRefused(ExitCode.Failure, "--output: cannot write");
        Directory.CreateDirectory(_folder["STE.svg"]);
        Plot("STE").AssertRefused(ExitCode.Failure, $"cannot write '{_folder["STE.svg"]}'");
    }

    [Fact]
    public void Help_lists_its_flags_and_the_estimators()
    {
        var help = Reste.Run("plot-estimator", "--help").Output;
        Assert.StartsWith("reste plot-estimator NAME [flags]: ", help);
        foreach (string flag in (string[])["--o_end", "--epochs", "--at EPOCH,...", "--x_max X", "--estimator_arg", "--output PATH"])
            Assert.Contains($"  {flag} ", help);
        Assert.Contains("plot-estimator NAME", Reste.Run("--help").Output);
    }

    private Reste.Finished Plot(string name, params string[] arguments) =>
        Reste.Run(["plot-estimator", name, "--output", _folder.Path, .. arguments]);

    private Point[] Rows(string name) =>
    [
        .. File.ReadLines(_folder[$"{name}.csv"]).Skip(1).Select(line => line.Split(',')).Select(cells =>
            new Point(int.Parse(cells[0], CultureInfo.InvariantCulture), cells[1], Number(cells[2]), Number(cells[3]), Number(cells[4]))),
    ];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private string[] Panels(string name) =>
    [
        .. XDocument.Parse(_folder.Text($"{name}.svg")).Descendants().Where(element => element.Name.LocalName == "text")
            .Select(element => element.Value).Where(text => text.EndsWith(": forward") || text.EndsWith(": slope")),
    ];

    private static void AssertPoint(int epoch, string operand, double x, double forward, double slope, Point[] rows,
        double tolerance = Tolerance)
    {
        var point = rows.Single(row => row.Epoch == epoch && row.Operand == operand && row.X == x);
        Assert.Equal(forward, point.Forward, tolerance);
        Assert.Equal(slope, point.Slope, tolerance);
    }

    private sealed record Point(int Epoch, string Operand, double X, double Forward, double Slope);
}
