namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>Two runs in one folder: the second ends at once and names the first, whose lock dies with it.</summary>
public sealed class SharedFolderTests : IDisposable
{
    private static readonly string[] s_small =
    [
        "--device", "cpu", "--threads", "1", "--dataset", "shapes", "--limit_train", "64", "--limit_test", "16", "-b", "16", "-bt", "16",
        "-p", "1", "--progress", "none",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_second_run_names_the_first_and_a_killed_one_does_not_block()
    {
        using var first = Reste.Start([.. s_small, "--epochs", "10000", "--results_dir", _folder.Path]);
        try
        {
            Reste.WaitFor(first, _folder["logger.log"], "TRAINING - Epoch: [1]");
            string[] words =
            [
                $"another run is using the results folder '{_folder.Path}': process {first.Id} on ",
                "choose another with --results_dir or --save",
            ];
            foreach (var resume in (string[][])[[], ["--resume"]])
            {
                using var second = Reste.Start([.. s_small, "--epochs", "10000", "--results_dir", _folder.Path, .. resume]);
                Reste.Finish(second).AssertRefused(ExitCode.Failure, words);
            }
            Assert.False(first.HasExited, "the first run must go on");
        }
        finally
        {
            first.Kill();
        }
        first.WaitForExit();
        Assert.True(File.Exists(_folder[".holder"]), "a killed run leaves its name");
        using var third = Reste.Start([.. s_small, "--epochs", "1", "--results_dir", _folder.Path]);
        var run = Reste.Finish(third).AssertDone();
        Assert.Contains("its files are now in " + _folder["previous-1"], run.Error);
    }
}
