using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Engine.Tests.Checkpoints;
using ReSTE.Native.Engine.Tests.Embedding;
using ReSTE.Native.Estimators;
using ReSTE.Native.Tapes;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Estimators;

/// <summary>The two stages of BiPer in one run.</summary>
public sealed class BiPerTests
{
    private static readonly Recipe s_recipe = Stripes.Recipe with { Estimator = "BiPer", Epochs = 3 };

    [Fact]
    public void The_second_stage_begins_with_a_fresh_optimiser_and_no_best_epoch()
    {
        using var device = new CpuDevice(1);
        using var trainer = new Trainer(s_recipe, device, Stripes.Data, Stripes.Network);
        trainer.Next();
        trainer.Next();
        Dictionary<string, double[]> before = trainer.Parameters.Parameters.ToDictionary(p => p.Name, p => p.States["momentum"].Read());
        Assert.All(before.Values, momentum => Assert.Contains(momentum, m => m != 0));
        EpochReport third = trainer.Next();
        Assert.True(third.IsBest);
        Assert.Equal(2, trainer.State.BestEpoch);
        Assert.Equal(third.Validation.Top1, trainer.State.BestTop1);
        Assert.Equal(0.05 * (0.0037 / 0.021), third.LearningRate, 1e-12);
    }

    // A step of the second stage from zero momentum is rate (gradient + decay w), both the stage's own.
    [Fact]
    public void Its_first_step_is_that_of_sgd_from_rest()
    {
        Recipe recipe = s_recipe with { BatchSize = 160, WeightDecay = 0.25 };
        using var device = new CpuDevice(1);
        using var trainer = new Trainer(recipe, device, Stripes.Data, Stripes.Network);
        trainer.Next();
        trainer.Next();
        Parameter scale = trainer.Parameters.Parameters.Single(p => p.Name == "conv1.alpha");
        double[] before = scale.Read();
        trainer.Next();
        double[] gradient = scale.ReadGradient(), after = scale.Read();
        double rate = recipe.LearningRate * 0.0037 / 0.021, decay = 0.1 * recipe.WeightDecay;
        for (int i = 0; i < before.Length; i++)
            Assert.Equal(before[i] - rate * (gradient[i] + decay * before[i]), after[i], 1e-6);
    }

    [Fact]
    public void Real_in_the_first_stage_and_signs_in_the_second()
    {
        using var folder = new TemporaryFolder();
        using var device = new CpuDevice(1);
        using var trainer = new Trainer(s_recipe, device, Stripes.Data, Stripes.Network);
        trainer.Next();
        trainer.Next();
        trainer.SaveWeights(folder.File("first"));
        Assert.Equal(2, Predicted(folder.File("first"), device, trainer).Distinct().Count());
        trainer.Next();
        trainer.SaveWeights(folder.File("second"));
        Assert.Single(Predicted(folder.File("second"), device, trainer).Distinct());

        // sin(f w) moves when a weight moves a little; its sign does not.
        static float[] Predicted(string file, CpuDevice device, Trainer trainer)
        {
            using Predictor predictor = Predictor.Open(file, device, Stripes.Network, 16);
            using Predictor current = trainer.NewPredictor(16);
            Parameter weight = trainer.Parameters.Parameters.Single(p => p.Name == "conv2.weight");
            double[] kept = weight.Read(), moved = [.. kept.Select(w => Math.Abs(Math.Sin(20 * w)) > 0.1 ? w + 1e-4 : w)];
            float before = current.Logits(Stripes.Test.Pixels)[0][0];
            weight.Write(moved);
            float after = current.Logits(Stripes.Test.Pixels)[0][0];
            weight.Write(kept);
            Assert.Equal(before, predictor.Logits(Stripes.Test.Pixels)[0][0]);
            return [before, after];
        }
    }

    [Fact]
    public void Folders_of_images_have_no_loss_term_unless_it_is_asked_for()
    {
        Recipe small = EstimatorCatalog.Complete(new Recipe { Estimator = "BiPer" }),
            folder = EstimatorCatalog.Complete(new Recipe { Estimator = "BiPer", Dataset = "imagenet" });
        Assert.Equal((0.037, 0.0468), (small.EstimatorArguments["tau1"].Number, small.EstimatorArguments["tau2"].Number));
        Assert.Equal((0.0, 0.0), (folder.EstimatorArguments["tau1"].Number, folder.EstimatorArguments["tau2"].Number));
        Assert.Equal([2.0 / 3, 1], new BiPer().Stages.Select(stage => stage.End));
    }
}
