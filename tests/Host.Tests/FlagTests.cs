using ReSTE.Native.Training;

namespace ReSTE.Native.Host.Tests;

/// <summary>Flags as the published trainer's users type them.</summary>
public sealed class FlagTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("-b 64", 64)]
    [InlineData("-b64", 64)]
    [InlineData("-b=64", 64)]
    [InlineData("--batch_size 64", 64)]
    [InlineData("--batch_size=64", 64)]
    [InlineData("-b 1 -b 2", 2)]
    [InlineData("-b 1 --batch_size 2 -b3", 3)]
    [InlineData("-b +7", 7)]
    public void Batch_size_has_many_spellings(string arguments, int expected) => Assert.Equal(expected, Train(arguments).Recipe.BatchSize);

    [Theory]
    [InlineData("-bt 32", 32)]
    [InlineData("--batch_size_t 5", 5)]
    [InlineData("--batch_size_test=9", 9)]
    public void Test_batch_size_is_its_own_flag(string arguments, int expected)
    {
        var recipe = Train(arguments).Recipe;
        Assert.Equal(expected, recipe.BatchSizeTest);
        Assert.Equal(256, recipe.BatchSize);
    }

    [Theory]
    [InlineData("--lr .1", 0.1)]
    [InlineData("--lr=1e-1", 0.1)]
    [InlineData("--lr 1E-4", 1e-4)]
    [InlineData("--lr 5.", 5)]
    [InlineData("--lr 0", 0)]
    public void Rates_have_many_spellings(string arguments, double expected) =>
        Assert.Equal(expected, Train(arguments).Recipe.LearningRate);

    [Theory]
    [InlineData("--epo 2", 2)]
    [InlineData("--ep=3", 3)]
    public void Unique_prefixes_are_accepted(string arguments, int expected) => Assert.Equal(expected, Of(arguments).Recipe.Epochs);

    [Theory]
    [InlineData("--batch 5", "--batch_size, --batch_size_test")]
    [InlineData("--res", "--results_dir, --resume")]
    [InlineData("--s 1", "ambiguous")]
    public void Ambiguous_prefixes_are_refused(string arguments, string words) => Of(arguments).AssertRefused(ExitCode.Misuse, words);

    [Theory]
    [InlineData("--resume False", "'False'")]
    [InlineData("--resume=False", "--resume takes no value")]
    [InlineData("--a32=1", "--a32 takes no value")]
    [InlineData("--warm_up true", "'true'")]
    public void Switches_take_no_value(string arguments, string words) => Of(arguments).AssertRefused(ExitCode.Misuse, words);

    [Theory]
    [InlineData("--lr", "--lr needs a value")]
    [InlineData("--save --resume", "--save needs a value")]
    [InlineData("--bogus", "unknown flag '--bogus'")]
    [InlineData("--batch-size 7", "did you mean '--batch_size'?")]
    [InlineData("--modle x", "did you mean '--model'?")]
    [InlineData("-x", "unknown flag '-x'")]
    [InlineData("-batch_size 64", "did you mean '--batch_size'?")]
    [InlineData("-epochs 3", "did you mean '--epochs'?")]
    [InlineData("-lr=.1", "did you mean '--lr'?")]
    [InlineData("--results_dir=", "--results_dir: must not be empty")]
    [InlineData("--data_path=", "--data_path: must not be empty")]
    [InlineData("-bt32", "--batch_size: 't32' is not a whole number")]
    [InlineData("--model resnet20_1w1", "did you mean 'resnet20_1w1a'?")]
    [InlineData("--model transformer", "known: resnet20, resnet20_1w1a")]
    [InlineData("--dataset cifar_10", "did you mean 'cifar10'?")]
    [InlineData("--estimator reste", "did you mean 'ReSTE'?")]
    [InlineData("trian", "did you mean 'train'?")]
    [InlineData("train extra", "unexpected argument 'extra'")]
    [InlineData("--epochs 2 extra", "unexpected argument 'extra'")]
    [InlineData("bench", "known: step")]
    [InlineData("bench stpe", "did you mean 'step'?")]
    [InlineData("evaluate", "evaluate needs FILE")]
    [InlineData("summary --model x", "unknown model 'x'")]
    public void Misuse_says_what_and_what_to_do(string arguments, string words) => Of(arguments).AssertRefused(ExitCode.Misuse, words);

    [Theory]
    [InlineData("--lr nan")]
    [InlineData("--lr inf")]
    [InlineData("--lr Infinity")]
    [InlineData("--lr -Infinity")]
    [InlineData("--lr 1e999")]
    [InlineData("--lr -0.1")]
    [InlineData("--lr 0,1")]
    [InlineData("--lr abc")]
    [InlineData("--lr 0x1")]
    [InlineData("--momentum 1")]
    [InlineData("--momentum -0.1")]
    [InlineData("--weight_decay -1")]
    [InlineData("--o_end 0.9")]
    [InlineData("--estimator_arg bogus=1")]
    [InlineData("-b 0")]
    [InlineData("-b -4")]
    [InlineData("-b 1.5")]
    [InlineData("-b 99999999999")]
    [InlineData("-b bad -b 4")]
    [InlineData("-bt 0")]
    [InlineData("--epochs 0")]
    [InlineData("--epochs 99999999999999999999")]
    [InlineData("--print_freq 0")]
    [InlineData("--time_estimate -1")]
    [InlineData("--workers -1")]
    [InlineData("--threads 0")]
    [InlineData("--limit_train -1")]
    [InlineData("--seed 1.5")]
    [InlineData("--start_epoch -2")]
    [InlineData("--start_epoch 1 --epochs 2")]
    [InlineData("--device gpu")]
    [InlineData("--device cuda:x")]
    [InlineData("--gpus x")]
    [InlineData("--gpus 0,1")]
    [InlineData("--progress bars")]
    [InlineData("--estimator_arg t")]
    [InlineData("--estimator_arg =1")]
    [InlineData("--estimator_arg t=nan")]
    public void Bad_values_are_refused(string arguments) => Of(arguments).AssertRefused(ExitCode.Misuse);

    [Fact]
    public void The_published_defaults_hold()
    {
        var run = Of("--dataset cifar10 --epochs 2");
        Assert.Equivalent(new Recipe { Epochs = 2 }, run.Recipe);
        Assert.Equal("/data/cifar10", run.Engine.OpenedPath);
    }

    [Fact]
    public void Every_number_reaches_the_recipe()
    {
        var recipe = Train("--start_epoch -1 --seed -1 --momentum 0 --weight_decay 5e-4 --o_end 2.5 --warm_up --a32 --cal_ind " +
            "--estimator ReSTE --limit_train 10 --limit_test 20 -m resnet20 --estimator_arg t=1.5 --estimator_arg interval=.1 " +
            "--estimator_arg t=2").Recipe;
        Assert.Equal((-1, ulong.MaxValue, 0.0, 5e-4, 2.5),
            (recipe.StartEpoch, recipe.Seed, recipe.Momentum, recipe.WeightDecay, recipe.OEnd));
        Assert.True(recipe is { WarmUp: true, RealActivations: true, Indicators: true, Estimator: "ReSTE", Model: "resnet20" });
        Assert.Equal((10, 20), (recipe.LimitTrain, recipe.LimitTest));
        Assert.Equal([("t", 2.0), ("interval", 0.1)], recipe.EstimatorArguments.Select(pair => (pair.Key, pair.Value.Number)));
    }

    [Theory]
    [InlineData("", "SGD")]
    [InlineData("--optimiser Adam", "Adam")]
    [InlineData("--optimiser adamw", "AdamW")]
    [InlineData("--optimizer ADAM", "Adam")]
    [InlineData("--optim sgd", "SGD")]
    public void The_optimiser_goes_by_either_spelling_and_any_case(string flags, string expected) =>
        Assert.Equal(expected, Train(flags).Recipe.Optimiser);

    [Fact]
    public void The_verb_may_be_left_out()
    {
        Assert.Equal(2, Of("--epochs 2").Recipe.Epochs);
        Assert.Equal(2, Of("train --epochs 2").Recipe.Epochs);
    }

    [Fact]
    public void Without_a_data_set_the_built_in_one_is_trained()
    {
        var run = Of("");
        Assert.Equal(("shapes", ShapesDefaults.Epochs, ShapesDefaults.BatchSize),
            (run.Recipe.Dataset, run.Recipe.Epochs, run.Recipe.BatchSize));
        Assert.Contains("built-in 'shapes'", run.Error);
        Assert.Null(run.Engine.OpenedPath);
        var explicitly = Of("--epochs 2 -b 32").Recipe;
        Assert.Equal(("shapes", 2, 32), (explicitly.Dataset, explicitly.Epochs, explicitly.BatchSize));
    }

    [Fact]
    public void A_data_path_alone_means_cifar10()
    {
        var run = Of("--data_path here --epochs 1");
        Assert.Equal(("cifar10", "here", 256), (run.Recipe.Dataset, run.Engine.OpenedPath, run.Recipe.BatchSize));
    }

    [Fact]
    public void A_batch_larger_than_the_set_is_the_whole_set()
    {
        var run = Of("-b 5000 -bt 5000 --epochs 1");
        Assert.Equal((1000, 300), (run.Recipe.BatchSize, run.Recipe.BatchSizeTest));
        Assert.Contains("--batch_size 5000 is more than the 1000 training images", run.Error);
        Assert.Contains("--batch_size_test 5000", run.Error);
    }

    [Fact]
    public void A_test_batch_nobody_asked_for_is_cut_without_a_word()
    {
        using var folder = new TemporaryFolder();
        var run = CommandRun.Of(new FakeEngine { TestImages = 20 }, null, "--results_dir", folder.Path, "--epochs", "1");
        Assert.Equal(20, run.Recipe.BatchSizeTest);
        Assert.DoesNotContain("--batch_size_test", run.Error);
    }

    [Fact]
    public void The_built_in_set_has_its_own_defaults_however_it_is_chosen()
    {
        var (chosen, bare) = (Of("--dataset shapes"), Of(""));
        Assert.Equivalent(bare.Recipe, chosen.Recipe);
        Assert.Equal((8, 128), (chosen.Recipe.Epochs, chosen.Recipe.BatchSize));
        Assert.DoesNotContain("no --dataset", chosen.Error);
        var given = Of("--dataset shapes --epochs 2 -b 32").Recipe;
        Assert.Equal((2, 32), (given.Epochs, given.BatchSize));
    }

    [Theory]
    [InlineData("--optimiser AdamW --momentum 0.9",
        "--momentum is not used: it belongs to SGD, and AdamW keeps its own means of the gradient\n")]
    [InlineData("--optimiser SGD --momentum 0.9", "")]
    [InlineData("--optimiser Adam", "")]
    [InlineData("--optimiser Adam --momentum 0.9 --a32 --estimator AdaSTE", "")]
    [InlineData("--optimiser Adam --momentum 0.9 --estimator Bop",
        "--momentum is not used: it belongs to SGD, and Adam keeps its own means of the gradient\n")]
    [InlineData("--weight_decay 0 --lr 0.1 --estimator Bop", "")]
    [InlineData("--estimator STE --o_end 2", "--o_end is not used: STE has no such exponent\n")]
    [InlineData("--estimator STE --o_end 2 --cal_ind", "")]
    [InlineData("--estimator ReSTE --o_end 2", "")]
    [InlineData("-m resnet20 --o_end 2", "--o_end is not used: resnet20 has no binary layers\n")]
    [InlineData("-m resnet20 --estimator_arg t=2", "--estimator_arg is not used: resnet20 has no binary layers\n")]
    [InlineData("-m resnet20 --a32", "--a32 is not used: resnet20 has no binary layers\n")]
    [InlineData("-m resnet20 --estimator STE", "--estimator is not used: resnet20 has no binary layers\n")]
    [InlineData("-m resnet20 --cal_ind", "")]
    [InlineData("--a32 --estimator STE", "")]
    public void A_flag_that_decides_nothing_is_said(string arguments, string expected) =>
        Assert.Equal(expected, Of("--dataset cifar10 --device cpu --epochs 1 " + arguments).Error);

    // Nothing but the weights that Bop turns over, and here their names are the engine's own.
    [Fact]
    public void A_flag_for_parameters_that_a_network_lacks_is_said()
    {
        var parsed = new TrainingFlags();
        var verb = new TrainVerb(new EngineAdapter(), parsed);
        string[] tokens = ["--dataset=cifar10", "--device=cpu", "--model=vgg16_binary", "--a32", "--estimator=Bop", "--lr=0.1",
            "--optimiser=Adam", "--momentum=0.9", "--weight_decay=0", "--warm_up"];
        var settings = new RecipeReader(parsed, new EngineAdapter()).Read(verb.Parse(tokens));
        const string Rule = " is not used: Bop has a rule of its own for every parameter of vgg16_binary";
        Assert.Equal(["--lr" + Rule, "--warm_up" + Rule,
            "--momentum is not used: it belongs to SGD, and Adam keeps its own means of the gradient", "--weight_decay" + Rule,
            "--optimiser" + Rule], settings.Notices);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("plain")]
    public void Notices_go_to_stderr(string mode)
    {
        var run = Of($"--epochs 1 --progress {mode}");
        Assert.Contains("no --dataset given", run.Error);
        Assert.Contains("computing on the CPU", run.Error);
        Assert.DoesNotContain("no --dataset given", run.Output);
    }

    [Theory]
    [InlineData("--h", "Exit codes:")]
    [InlineData("--he", "Exit codes:")]
    [InlineData("--hel", "Exit codes:")]
    [InlineData("-?", "Exit codes:")]
    [InlineData("help", "Exit codes:")]
    [InlineData("--help |", "Exit codes:")]
    [InlineData("--model summary --help", "Exit codes:")]
    [InlineData("--help summary", "reste summary [flags]")]
    [InlineData("help bench step", "reste bench step [flags]")]
    [InlineData("bench step --he", "reste bench step [flags]")]
    [InlineData("bench --help", "bench step")]
    [InlineData("evaluate -h", "reste evaluate FILE [flags]")]
    public void Help_is_found_where_it_is_asked_for(string arguments, string expected)
    {
        var run = CommandRun.Of(arguments.Split(' ').Select(word => word == "|" ? "" : word).ToArray());
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Contains(expected, run.Output);
    }

    [Fact]
    public void Help_lists_the_names_that_exist()
    {
        var help = CommandRun.Of("--help").Output;
        Assert.Contains("network; known: resnet20, resnet20_1w1a (default", help);
        Assert.Contains("cifar10, shapes (default", help);
        Assert.Contains("ReSTE, STE, Bop, AdaSTE (default", help);
        Assert.Contains("default: 1000; 8 on shapes", help);
        Assert.Contains("129 hung up", help);
        Assert.Contains("Example: reste --dataset", help);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("train --help")]
    public void Help_shows_every_flag_with_its_default_and_origin(string arguments)
    {
        var run = Of(arguments);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        foreach (var flag in new TrainingFlags().All)
            Assert.Matches($"{flag.Name}.* \\(default: .*; (published|ours)\\)", run.Output);
        Assert.Contains("--epochs N", run.Output);
        Assert.Contains("default: 1000; 8 on shapes; published", run.Output);
    }

    private CommandRun Train(string arguments) => Of("--dataset cifar10 --epochs 10 " + arguments);

    private CommandRun Of(string arguments)
    {
        string[] words = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] results = words is ["bench" or "summary" or "evaluate" or "trian", ..] ? [] : [$"--results_dir={_folder.Path}"];
        return CommandRun.Of(words.Length > 0 && words[0] == "train" ? ["train", .. results, .. words[1..]] : [.. results, .. words]);
    }
}
