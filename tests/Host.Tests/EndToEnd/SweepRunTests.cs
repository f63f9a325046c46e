namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>A sweep with the engine itself.</summary>
public sealed class SweepRunTests : IDisposable
{
    private static readonly string[] s_small =
    [
        "--device", "cpu", "--threads", "2", "--dataset", "shapes", "--limit_train", "48", "--limit_test", "16", "-b", "16", "--epochs",
            "1",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_cell_that_diverges_stops_no_other_and_the_table_says_so()
    {
        var run = Reste.Run(["sweep", "--lr", "1e30,0.1", .. s_small, "--results_dir", _folder.Path]);
        Assert.Equal(ExitCode.Failure, run.ExitCode);
        Assert.Contains("lr=1e30: diverged", run.Output);
        var rows = _folder.Lines("sweep.csv");
        Assert.StartsWith("1e30,0,1,", rows[1]);
        Assert.Contains("diverged, epoch 1: ", rows[1]);
        Assert.StartsWith("0.1,1,0,", rows[2]);
    }

    [Fact]
    public void Cells_side_by_side_have_the_bits_of_a_run_alone()
    {
        Reste.Run(["sweep", "--seed", "1,2", "--jobs", "2", .. s_small, "--results_dir", _folder.Path]).AssertDone();
        Reste.Run([.. s_small, "--seed", "2", "--results_dir", _folder["alone"]]).AssertDone();
        Checkpoints.AssertSameTensors(_folder["alone/checkpoint.safetensors"], _folder["seed=2/checkpoint.safetensors"]);
    }

    [Fact]
    public void Arguments_of_estimators_are_axes_and_a_sweep_grows()
    {
        string[] grid = ["sweep", "--estimator", "DSQ,OvSW", "--estimator_arg", "momentum=0.9,0.99", .. s_small, "--results_dir",
            _folder.Path];
        Reste.Run([.. grid, "--estimator_arg", "alpha=0.2,0.4"]).AssertDone();
        var before = _folder.Text("estimator=DSQ,alpha=0.2/checkpoint.safetensors");
        var run = Reste.Run([.. grid, "--estimator_arg", "alpha=0.2,0.4,0.6"]).AssertDone();
        Assert.Contains("is extended: --estimator_arg alpha was 0.2,0.4, is 0.2,0.4,0.6; 4 of 5 cells are done and kept", run.Error);
        Assert.Equal(before, _folder.Text("estimator=DSQ,alpha=0.2/checkpoint.safetensors"));
        Assert.Equal(["DSQ,,0.2", "DSQ,,0.4", "DSQ,,0.6", "OvSW,0.9,", "OvSW,0.99,"],
            _folder.Lines("sweep.csv")[1..].Select(row => string.Join(',', row.Split(',')[..3])));
        Assert.Contains("estimator_arg:  delta=0.04 decay=0.0009 momentum=0.9 threshold=0.0001",
            _folder.Lines("estimator=OvSW,arg.momentum=0.9/argument.txt"));
    }

    [Fact]
    public void The_study_measures_gradients_layer_by_layer()
    {
        Reste.Run(["study", "equilibrium", .. s_small, "--estimator", "ReSTE,STE", "--o_end", "1,3", "--seed", "1",
            "--results_dir", _folder.Path]).AssertDone();
        var page = _folder.Text("equilibrium.html");
        Assert.Contains("layer1.0.conv1.weight: median ", page);
        Assert.Contains("layer3.2.conv2.weight: median ", page);
    }

    [Fact]
    public void A_cell_of_another_recipe_is_kept_and_named()
    {
        Reste.Run([.. s_small, "--seed", "2", "--lr", "0.2", "--results_dir", _folder["seed=2"]]).AssertDone();
        var metrics = _folder.Text("seed=2/metrics.csv");
        var run = Reste.Run(["sweep", "--seed", "1,2", .. s_small, "--results_dir", _folder.Path]);
        Assert.Equal(ExitCode.Failure, run.ExitCode);
        Assert.Contains("--lr was 0.2, is 0.1", run.Output);
        Assert.Equal(metrics, _folder.Text("seed=2/metrics.csv"));
    }
}
