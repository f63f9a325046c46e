using ReSTE.Native.Devices;
using ReSTE.Native.Estimators;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Tapes;

/// <summary>The networks the tape tests run, and seeded inputs for them.</summary>
internal static class TapeCase
{
    private const ulong InputSeed = 20;

    /// <summary>
    /// Binary, binary weights with real activations, and full precision: together they record every op of the networks. VGG-small pools
    /// and flattens.
    /// </summary>
    public static TheoryData<string, bool> Networks =>
        new() { { "resnet20_1w1a", false }, { "resnet20_1w1a", true }, { "resnet20", false }, { "vgg_small_1w1a", false } };

    /// <summary>The network with a middle epoch's slopes and a rate that moves the weights.</summary>
    public static NetworkRun Build(Device device, string model, bool realActivations, int batch, SlabMode mode = SlabMode.Packed,
        int size = 32, string dataset = "cifar10")
    {
        Estimator estimator = EstimatorCatalog.Create(new Recipe());
        var run = new NetworkRun(device, model, estimator, realActivations, batch, mode, size: size, dataset: dataset);
        run.SetKnobs(estimator.WeightParameters(6, 12), estimator.ActivationParameters(6, 12), run.Optimiser, learningRate: 0.1);
        return run;
    }

    /// <summary>Writes the images and labels of a step: normal numbers, every 37th exactly zero, of alternating sign.</summary>
    public static void Feed(NetworkRun run, int step)
    {
        var random = new Random((int)InputSeed + step);
        var images = new float[run.Images.Shape.Count];
        for (int i = 0; i < images.Length; i++)
            images[i] = i % 37 == 0 ? (i % 2 == 0 ? 0f : -0f) : (float)(4 * random.NextDouble() - 2);
        var labels = new int[run.Images.Shape[0]];
        for (int i = 0; i < labels.Length; i++)
            labels[i] = random.Next(run.Logits.Shape.Last);
        run.WriteImages(images);
        run.WriteLabels(labels);
    }

    /// <summary>Runs a number of steps and returns what they leave.</summary>
    public static Dictionary<string, double[]> Train(NetworkRun run, int steps, bool poison = false)
    {
        for (int step = 0; step < steps; step++)
        {
            if (poison)
                run.Poison();
            Feed(run, step);
            run.Tape.Run();
        }

        return Snapshot.Of(run);
    }
}
