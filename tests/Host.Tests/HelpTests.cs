namespace ReSTE.Native.Host.Tests;

/// <summary>What `--help` lists: the flags that decide something, each with its default and where it comes from.</summary>
public sealed class HelpTests
{
    private static readonly string[] s_evaluate =
    [
        "--model", "--dataset", "--data_path", "--gpus", "--workers", "--batch_size_test", "--print_freq", "--a32", "--estimator",
        "--device", "--threads", "--limit_test", "--normalise", "--estimator_arg", "--config", "--progress", "--help",
    ];

    private static readonly string[] s_bench =
    [
        "--model", "--dataset", "--estimator", "--o_end", "--a32", "--optimiser", "--seed", "--batch", "--steps", "--warmup",
        "--evaluate", "--json", "--device", "--threads", "--help",
    ];

    [Fact]
    public void Evaluate_lists_the_flags_it_uses()
    {
        var help = Help("evaluate");
        Assert.Equal(s_evaluate, Listed(help));
        Assert.Contains("The other flags of train are accepted and have no effect here.", help);
    }

    [Fact]
    public void Bench_step_lists_the_flags_it_takes()
    {
        var help = Help("bench", "step");
        Assert.Equal(s_bench, Listed(help));
        Assert.DoesNotContain("other flags", help);
    }

    [Fact]
    public void Train_lists_every_flag()
    {
        string[] all = [.. new TrainingFlags().All.Select(flag => flag.Name), "--help"];
        Assert.Equal(all, Listed(Help("train")));
        Assert.Equal(all, Listed(Help()));
    }

    [Fact]
    public void Sweep_lists_the_flags_of_training_but_those_of_one_run()
    {
        string[] all = [.. new TrainingFlags().All.Select(flag => flag.Name).Except(["--save", "--resume", "--evaluate"]), "--jobs",
            "--help"];
        Assert.Equal(all, Listed(Help("sweep")));
        Assert.Equal([.. all[..^1], "--report_only", "--help"], Listed(Help("study", "equilibrium")));
        Assert.Contains("--seed N,...", Help("sweep"));
    }

    [Fact]
    public void Workers_decode_images_and_help_says_so() =>
        Assert.Matches(@"--workers N +threads that decode an image folder, one a core at most \(default: 8; published\)", Help());

    [Theory]
    [InlineData("--lr X", "0.1", "published")]
    [InlineData("-m, --model NAME", "resnet20_1w1a", "published")]
    [InlineData("-e, --evaluate FILE", "none", "published")]
    [InlineData("-b, --batch_size N", "256; 128 on shapes", "published")]
    [InlineData("--warm_up", "off", "published")]
    [InlineData("--seed N", "1234", "published")]
    [InlineData("--device auto|cpu|cuda[:N]", "auto", "ours")]
    [InlineData("--limit_train N", "all", "ours")]
    public void A_flag_shows_its_default_and_origin(string flag, string value, string origin) =>
        Assert.Contains(Lines(Help()), line => line.StartsWith($"  {flag} ", StringComparison.Ordinal) &&
            line.EndsWith($" (default: {value}; {origin})", StringComparison.Ordinal));

    [Theory]
    [InlineData]
    [InlineData("evaluate")]
    [InlineData("bench", "step")]
    [InlineData("summary")]
    [InlineData("convert")]
    [InlineData("info")]
    [InlineData("sweep")]
    [InlineData("report")]
    [InlineData("study", "equilibrium")]
    public void Every_listed_flag_shows_default_and_origin(params string[] verb)
    {
        var flags = FlagLines(Help(verb));
        Assert.NotEmpty(flags);
        Assert.All(flags, line => Assert.Matches(@" \(default: \S.*; (published|ours)\)$", line));
    }

    [Fact]
    public void Evaluate_accepts_the_command_line_of_its_training()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["weights"], "x");
        var run = CommandRun.Of(
            "evaluate", folder["weights"], "--epochs", "3", "--lr", "0.2", "--warm_up", "--save", "x", "--limit_train", "7");
        Assert.Equal(ExitCode.Done, run.ExitCode);
    }

    private static string Help(params string[] verb) => CommandRun.Of([.. verb, "--help"]).Output;

    private static string[] Lines(string help) => help.Split(Environment.NewLine);

    private static string[] FlagLines(string help) => [.. Lines(help).Where(line => line.StartsWith("  -", StringComparison.Ordinal))];

    /// <summary>The long names, in the order of the help.</summary>
    private static string[] Listed(string help) => [.. FlagLines(help).Select(line => line.Split("  ")[1].Split(", ")[^1].Split(' ')[0])];
}
