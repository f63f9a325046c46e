namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>AdaSTE and the choice of a normalisation from the command line: what is refused, printed, kept and asked for again.</summary>
public sealed class AdaSteRunsTests : IDisposable
{
    private static readonly string[] s_small =
    [
        "--device", "cpu", "--threads", "1", "--dataset", "shapes", "--limit_train", "72", "--limit_test", "32", "-b", "16", "-bt", "16",
        "--progress", "plain",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Binary_activations_are_refused_in_one_line()
    {
        Reste.Run([.. s_small, "--estimator", "AdaSTE", "--results_dir", _folder["none"]]).AssertRefused(ExitCode.Misuse,
            "without --a32: AdaSTE binarises weights alone; activations must stay real");
        Assert.False(Directory.Exists(_folder["none"]));
    }

    [Theory]
    [InlineData("preset=fixed", "--estimator_arg preset=fixed: it must be faithful or corrected")]
    [InlineData("alpha=1", "--estimator_arg alpha=1: it must be a number between 0 and 1")]
    [InlineData("rate=0.9", "--estimator_arg rate=0.9: it must be a number from 1 up")]
    public void An_argument_that_does_not_fit_is_refused(string argument, string words) =>
        Reste.Run([.. s_small, "--a32", "--estimator", "AdaSTE", "--estimator_arg", argument]).AssertRefused(ExitCode.Misuse, words);

    [Fact]
    public void An_unknown_normalisation_is_refused() =>
        Reste.Run([.. s_small, "--normalise", "cifar11"]).AssertRefused(ExitCode.Misuse, "unknown normalisation 'cifar11'");

    // N is ten times the 72 images. The checkpoint belongs to estimator and normalisation.
    [Fact]
    public void A_run_prints_and_keeps_all_its_choices()
    {
        string[] command = [.. s_small, "--a32", "--estimator", "AdaSTE", "--normalise", "cifar10", "--lr", "3e-4", "--epochs", "2",
            "--results_dir", _folder.Path];
        var run = Reste.Run(command).AssertDone();
        const string Arguments = "preset=faithful, mu=0.01, rate=1.05, alpha=0.01, cap=0.5, dead_zone=0.001, decay=1, n=720";
        Assert.Contains($"with AdaSTE ({Arguments})", run.Output);
        Assert.Contains("test images, normalised by cifar10)", run.Output);
        Assert.Contains("estimator_arg:  " + Arguments.Replace(", ", " ", StringComparison.Ordinal), _folder.Lines("argument.txt"));
        Assert.Contains("normalise:  cifar10", _folder.Lines("argument.txt"));
        Reste.Run([.. command[..^4], "--epochs", "2", "--results_dir", _folder.Path, "--resume", "--normalise", "imagenet"])
            .AssertRefused(ExitCode.Checkpoint, "--normalise was cifar10, is imagenet");
        string[] evaluate = ["evaluate", _folder["checkpoint.safetensors"], .. s_small, "--a32", "--estimator", "AdaSTE"];
        Reste.Run(evaluate).AssertRefused(ExitCode.Checkpoint, "normalised by cifar10, not by data", "give --normalise cifar10");
        Reste.Run([.. evaluate, "--normalise", "cifar10"]).AssertDone();
    }
}
