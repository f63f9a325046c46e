namespace ReSTE.Native.Host.Tests;

/// <summary>What makes a dimension of a sweep's grid, and what multiplies which cells.</summary>
public sealed class SweepAxisTests : IDisposable
{
    private readonly SweepFolder _sweep = new();

    public void Dispose() => _sweep.Dispose();

    [Fact]
    public void A_flag_that_an_estimator_does_not_use_does_not_multiply_it()
    {
        var run = _sweep.Run(SweepFolder.Grid);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.DoesNotContain("--o_end", run.Error);
        Assert.Equal(
        [
            "estimator=ReSTE,o_end=1,seed=1", "estimator=ReSTE,o_end=1,seed=2", "estimator=ReSTE,o_end=3,seed=1",
            "estimator=ReSTE,o_end=3,seed=2", "estimator=STE,seed=1", "estimator=STE,seed=2",
        ], _sweep.Cells());
        Assert.Contains("o_end:  3\n", File.ReadAllText(Path.Combine(_sweep.Dir, "estimator=STE,seed=1", "argument.txt")));
    }

    [Fact]
    public void Names_have_the_varying_flags_in_the_order_given()
    {
        _sweep.Run("--seed", "7,8", "--lr", "0.1", "--epochs", "1..2", "--o_end", "2");
        Assert.Equal(["seed=7,epochs=1", "seed=7,epochs=2", "seed=8,epochs=1", "seed=8,epochs=2"], _sweep.Cells());
    }

    [Fact]
    public void Momentum_does_not_multiply_an_optimiser_without_it()
    {
        _sweep.Run("--optimiser", "SGD,Adam", "--momentum", "0,0.9");
        Assert.Equal(["optimiser=Adam", "optimiser=SGD,momentum=0", "optimiser=SGD,momentum=0.9"], _sweep.Cells());
    }

    [Fact]
    public void An_argument_is_an_axis_of_its_name_for_the_estimators_that_have_it()
    {
        var run = _sweep.Run("--estimator", "ReSTE,STE,Bop", "--estimator_arg", "t=1.25,1.5", "--estimator_arg", "gamma=0.1,0.2",
            "--estimator_arg", "threshold=1e-6");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.DoesNotContain("not used", run.Error);
        Assert.Equal(["estimator=Bop,gamma=0.1", "estimator=Bop,gamma=0.2", "estimator=ReSTE,t=1.25", "estimator=ReSTE,t=1.5",
            "estimator=STE"], _sweep.Cells());
        Assert.Contains("estimator_arg:  gamma=0.2 threshold=1E-06", _sweep.Argument("estimator=Bop,gamma=0.2"));
        Assert.Contains("estimator_arg:  t=1.25 interval=0.1", _sweep.Argument("estimator=ReSTE,t=1.25"));
        Assert.StartsWith("estimator,t,gamma,runs,", _sweep.Csv()[0]);
        Assert.Equal("""
            --estimator ReSTE,STE,Bop
            --estimator_arg t=1.25,1.5
            --estimator_arg gamma=0.1,0.2
            --epochs 2
            --estimator_arg threshold=1e-6

            """, File.ReadAllText(Path.Combine(_sweep.Dir, "sweep.txt")));
    }

    [Fact]
    public void Words_are_values_and_the_last_of_a_repeated_argument_counts()
    {
        _sweep.Run("--estimator", "AdaSTE", "--a32", "--estimator_arg", "preset=corrected", "--estimator_arg", "preset=faithful,corrected");
        Assert.Equal(["preset=corrected", "preset=faithful"], _sweep.Cells());
        _sweep.Run("--estimator", "AdaSTE", "--a32", "--estimator_arg", "preset=faithful,wrong")
            .AssertRefused(ExitCode.Misuse, "--estimator_arg preset=wrong: it must be faithful or corrected", "in the cell preset=wrong");
    }

    // As OvSW's momentum, which the fake lacks; AdaSTE's rate and decay are no flags.
    [Fact]
    public void An_argument_that_is_called_as_a_flag_is_told_from_it()
    {
        var flags = new SweepFlags();
        var verb = new SweepVerb(new FakeEngine(), flags);
        var given = flags.Given(verb.Parse(["--estimator_arg=momentum=0.9,0.99", "--momentum=0,0.9", "--estimator_arg=n_start=1..3"]));
        Assert.Equal(["arg.momentum", "n_start", "momentum"], given.Select(flag => flag.Word));
        Assert.Equal(["1", "2", "3"], given[1].Values);
        Assert.Equal(["--estimator_arg=momentum=0.9", "--estimator_arg=momentum=0.99"], given[0].Tokens);
    }

    [Fact]
    public void Normalisations_are_an_axis()
    {
        _sweep.Run("--normalise", "data,cifar10", "--dataset", "cifar10");
        Assert.Equal(["normalise=cifar10", "normalise=data"], _sweep.Cells());
    }

    [Fact]
    public void What_a_network_does_not_use_does_not_multiply_it()
    {
        _sweep.Run("-m", "resnet20,resnet20_1w1a", "--estimator", "ReSTE,STE", "--estimator_arg", "t=1.25", "--o_end", "1,2");
        Assert.Equal(["model=resnet20", "model=resnet20_1w1a,estimator=ReSTE,o_end=1", "model=resnet20_1w1a,estimator=ReSTE,o_end=2",
            "model=resnet20_1w1a,estimator=STE"], _sweep.Cells());
    }

    [Fact]
    public void AdaSTEs_momentum_multiplies_it_whatever_the_optimiser()
    {
        _sweep.Run("--estimator", "STE,AdaSTE", "--a32", "--optimiser", "Adam", "--momentum", "0,0.9");
        Assert.Equal(["estimator=AdaSTE,momentum=0", "estimator=AdaSTE,momentum=0.9", "estimator=STE"], _sweep.Cells());
    }

    [Fact]
    public void Every_flag_of_training_varies_or_is_known_not_to()
    {
        foreach (var flag in new SweepFlags().All.Where(flag => !flag.IsSwitch && flag.Name is not ("--jobs" or "--init" or "--config")))
            Assert.True(flag.ValueName!.EndsWith(",...", StringComparison.Ordinal) != !SweepFlags.Decides(new(flag.Name, ["1"], false)),
                flag.Name);
        Assert.Equal(["--save", "--resume", "--evaluate"], new TrainingFlags().All.Select(flag => flag.Name)
            .Except(new SweepFlags().All.Select(flag => flag.Name)));
    }
}
