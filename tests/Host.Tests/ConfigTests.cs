namespace ReSTE.Native.Host.Tests;

/// <summary>--config: settings out of a file, and what the command line makes of them.</summary>
public sealed class ConfigTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_sets_what_its_flags_would()
    {
        var run = Train("""
            # a comment, and then an empty line

            epochs: 3
            batch-size = 50
            --lr:0.02
            dataset:   cifar10
            estimator:  STE
            warm_up:  False
            a32:  yes
            limit_train:
            """, "--data_path", "x:y=z");
        Assert.Equal((3, 50, 0.02, "cifar10", "STE", false, true, 0), (run.Recipe.Epochs, run.Recipe.BatchSize, run.Recipe.LearningRate,
            run.Recipe.Dataset, run.Recipe.Estimator, run.Recipe.WarmUp, run.Recipe.RealActivations, run.Recipe.LimitTrain));
        var expected = CommandRun.Of("--epochs", "3", "--batch_size", "50", "--lr", "0.02", "--dataset", "cifar10", "--estimator", "STE",
            "--a32", "--data_path", "x:y=z", "--results_dir", _folder.Path, "--device", "cpu").Recipe;
        Assert.Equal(expected with { EstimatorArguments = run.Recipe.EstimatorArguments }, run.Recipe);
    }

    [Fact]
    public void Flags_win_wherever_they_stand()
    {
        const string Text = "epochs: 7\nlr: 0.5\nestimator: STE";
        Assert.Equal((2, 0.5), Numbers(Train(Text, "--epochs", "2")));
        Assert.Equal((2, 0.5), Numbers(CommandRun.Of([.. Arguments(), "--epochs", "2", "--config", Write(Text)])));
        Assert.Equal((2, 0.5), Numbers(CommandRun.Of([.. Arguments(), "--epo=2", $"--conf={Write(Text)}"])));

        static (int, double) Numbers(CommandRun run) => (run.Recipe.Epochs, run.Recipe.LearningRate);
    }

    [Fact]
    public void Arguments_of_an_estimator_are_merged_name_by_name_and_go_with_another_estimator()
    {
        const string Text = "estimator: ReSTE\nestimator_arg: t=1.25 interval=0.2";
        Assert.Equal(["t=1.5", "interval=0.2"], ArgumentPairs.Of(Train(Text, "--estimator_arg", "t=1.5").Recipe));
        Assert.Equal(["t=1.25", "interval=0.2"], ArgumentPairs.Of(Train(Text, "--estimator", "ReSTE").Recipe));
        Assert.Empty(ArgumentPairs.Of(Train(Text, "--estimator", "STE").Recipe));
    }

    [Fact]
    public void What_contradicts_the_command_line_is_left_out()
    {
        var init = Write("");
        Train($"device: cpu\ninit: {init}", "--resume").AssertRefused(ExitCode.Checkpoint);
        Assert.Null(Train("dataset: cifar10\ndata_path: somewhere", "--dataset", "shapes").Engine.OpenedPath);
        Assert.Equal("somewhere", Train("dataset: cifar10\ndata_path: somewhere", "--dataset", "cifar10").Engine.OpenedPath);
    }

    [Fact]
    public void The_arguments_of_a_run_make_the_same_run()
    {
        string[] flags = ["--epochs", "4", "-b", "20", "--estimator_arg", "t=1.25", "--cal_ind", "--seed", "9", "--val_split", "0.1"];
        var first = CommandRun.Of([.. Arguments(), .. flags]);
        var arguments = Path.Combine(_folder.Path, "kept.txt");
        File.Copy(Path.Combine(_folder.Path, "argument.txt"), arguments);
        var second = CommandRun.Of("--config", arguments);
        Assert.Equal(first.Recipe with { EstimatorArguments = second.Recipe.EstimatorArguments }, second.Recipe);
        Assert.Equal(ArgumentPairs.Of(first.Recipe), ArgumentPairs.Of(second.Recipe));
        Assert.Equal(Settings(arguments).Append($"config:  {arguments}"), Settings(Path.Combine(_folder.Path, "argument.txt")).Append(
            _folder.Lines("argument.txt").Single(line => line.StartsWith("config:", StringComparison.Ordinal))));

        static IEnumerable<string> Settings(string path) => File.ReadLines(path).Skip(1).Where(line =>
            !line.StartsWith("config:", StringComparison.Ordinal));
    }

    [Fact]
    public void The_merged_settings_are_printed_and_logged_and_what_a_file_sets_in_vain_is_no_slip()
    {
        var path = Write("epochs: 2\nestimator: STE\no_end: 4\nsave: my run");
        var run = CommandRun.Of([.. Arguments(), "--config", path, "--lr", "0.3"]);
        var expected = $"settings, with those of {path}: --epochs 2 --estimator STE --o_end 4 --save 'my run' --results_dir " +
            $"{_folder.Path} --device cpu --lr 0.3";
        Assert.Contains(expected, run.Output + run.Error);
        Assert.Contains(File.ReadLines(Path.Combine(_folder.Path, "my run", "logger.log")), line => line.EndsWith(expected,
            StringComparison.Ordinal));
        Assert.DoesNotContain("is not used", run.Output + run.Error);
        Assert.Contains("--o_end is not used", Train("estimator: STE", "--o_end", "4") is var slip ? slip.Output + slip.Error : "");
    }

    [Fact]
    public void Evaluating_takes_one_too()
    {
        var config = Write("batch_size_test: 77\nsave: a\nresume: True");
        var run = CommandRun.Of("evaluate", Write("0 0", "some.safetensors"), "--config", config, "--device", "cpu");
        Assert.DoesNotContain("error", run.Error);
        Assert.Equal(77, run.Recipe.BatchSizeTest);
    }

    [Theory]
    [InlineData("epochs: 2\nepoch_size: 3", "line 2: unknown setting 'epoch_size'")]
    [InlineData("lerning_rate: 3\n", "line 1: unknown setting 'lerning_rate'")]
    [InlineData("momentun: 0.9", "line 1: unknown setting 'momentun' (did you mean 'momentum'?)")]
    [InlineData("epochs: 2\n\nepochs: 3", "line 3: 'epochs' is set again (line 1 sets it first)")]
    [InlineData("batch_size: 2\nb: 3", "line 2: 'b' is set again (line 1 sets it first)")]
    [InlineData("epochs: many", "line 1: --epochs: 'many'")]
    [InlineData("lr: -1", "line 1: --lr: ")]
    [InlineData("epochs 3", "line 1: 'epochs 3' is no setting (one is written as name: value)")]
    [InlineData("warm_up: perhaps", "line 1: warm_up: 'perhaps' is neither True nor False")]
    [InlineData("model: nonesuch", "unknown model 'nonesuch'")]
    [InlineData("help: True", "line 1: unknown setting 'help'")]
    [InlineData("{\"epochs\": 3}", "line 1: '{\"epochs\": 3}' is no setting")]
    public void A_bad_file_is_refused_with_its_line(string text, params string[] words) =>
        Train(text).AssertRefused(ExitCode.Misuse, words);

    [Fact]
    public void A_file_that_cannot_be_read_is_refused()
    {
        Refused(Path.Combine(_folder.Path, "nonesuch"), "there is no such file");
        Refused(_folder.Path, "cannot read");
        var binary = Path.Combine(_folder.Path, "binary");
        File.WriteAllBytes(binary, [0xff, 0xfe, 0, 0xc3, 0x28]);
        Refused(binary, "it is not text");
        using (var file = File.Create(binary))
            file.SetLength(2 << 20);
        Refused(binary, "has 2.1 MB");

        void Refused(string path, string why) =>
            CommandRun.Of([.. Arguments(), "--config", path]).AssertRefused(ExitCode.Misuse, "--config: ", path, why);
    }

    private CommandRun Train(string text, params string[] flags) => CommandRun.Of(["--config", Write(text), .. Arguments(), .. flags]);

    private string[] Arguments() => ["--results_dir", _folder.Path, "--device", "cpu"];

    private string Write(string text, string name = "settings.txt")
    {
        var path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, text);
        return path;
    }
}
