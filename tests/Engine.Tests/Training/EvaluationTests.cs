using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Operations;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Training;

/// <summary>An evaluation reads parameters once, and yet sees every change of them; no network's numbers depend on it.</summary>
public sealed class EvaluationTests
{
    public static TheoryData<string, string, bool> Networks => new()
    {
        { "resnet20_1w1a", "ReSTE", false },
        { "resnet20_1w1a", "ReSTE", true },
        { "resnet20_1w1a", "IRNet", false },
        { "resnet20_1w1a", "XNOR", false },
        { "resnet20_1w1a", "Bernoulli", false },
        { "resnet20_1w1a", "BiPer", false },
        { "resnet20_1w1a", "OvSW", false },
        { "resnet20_1w1a", "Bop", false },
        { "resnet20_bireal_1w1a", "ReSTE", false },
        { "vgg_small_1w1a", "ReSTE", false },
        { "resnet18_1w1a", "ReSTE", false },
        { "resnet18_binary", "ReSTE", false },
        { "resnet18_binary", "AdaSTE", true },
        { "vgg16_binary", "ReSTE", false },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Networks_score_the_same_with_parameters_read_once(string model, string estimator, bool realActivations)
    {
        Recipe recipe = TinyRun.Recipe with { Model = model, Estimator = estimator, RealActivations = realActivations };
        using var folded = new TinyRun(recipe, images: TinyRun.Batch);
        using var single = Unfolded(recipe, images: TinyRun.Batch);
        folded.Trainer.Step();
        single.Trainer.Step();
        Assert.Equal(Evaluated(single), Evaluated(folded));
    }

    [Fact]
    public void Evaluations_between_steps_see_the_weights_of_their_moment()
    {
        using var often = new TinyRun(TinyRun.Recipe);
        using Predictor predictor = often.Trainer.NewPredictor(3);
        byte[] images = [.. Enumerable.Range(0, 5 * 3072).Select(i => (byte)(i * 7))];
        for (int steps = 0; steps < 3; steps++)
        {
            PassResult result = Evaluated(often);
            float[][] scores = predictor.Logits(images);
            // The tail of the pass has used the workspace since.
            Assert.Equal(result, Evaluated(often));
            using TinyRun once = Unfolded(TinyRun.Recipe);
            for (int i = 0; i < steps; i++)
                once.Trainer.Step();
            Assert.Equal(Evaluated(once), result);
            using Predictor other = once.Trainer.NewPredictor(3);
            Assert.Equal(other.Logits(images), scores);
            often.Trainer.Step();
        }
    }

    [Fact]
    public void Evaluations_see_weights_that_were_written()
    {
        using var run = new TinyRun(TinyRun.Recipe);
        PassResult before = Evaluated(run);
        foreach (var p in run.Trainer.Parameters.Parameters.Where(p => p.Name.Contains("conv")))
            p.Write([.. p.Read().Select(v => -v)]);
        Assert.NotEqual(before, Evaluated(run));
        foreach (var p in run.Trainer.Parameters.Parameters.Where(p => p.Name.Contains("conv")))
            p.Write([.. p.Read().Select(v => -v)]);
        Assert.Equal(before, Evaluated(run));
    }

    private static PassResult Evaluated(TinyRun run) => run.Trainer.Evaluate(null, TestContext.Current.CancellationToken);

    private static TinyRun Unfolded(Recipe recipe, int images = TinyRun.Images)
    {
        var device = new CpuDevice(1);
        ((IBinaryUnitEvaluation)device.Kernels).EvaluatesUnits = false;
        return new TinyRun(recipe, device, images);
    }
}
