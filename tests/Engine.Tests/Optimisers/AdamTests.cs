using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Engine.Tests.Operations;
using ReSTE.Native.Optimisers;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Optimisers;

/// <summary>Adam and AdamW follow PyTorch's step by step on every device.</summary>
public sealed class AdamTests
{
    private const double Rate = 0.0625, Decay = 0.25;

    // Every step rounds numbers of at most 2 to float32, half a unit in the last place being 1.2e-7 there. Seen: 1.2e-7 after six steps,
    // 1.9e-6 after a hundred.
    private const double SixSteps = 3e-7, HundredSteps = 5e-6;

    private static readonly double[] s_weights = [0.5, -1.25, 0.0, 2.0];

    private static readonly double[][] s_gradients =
    [
        [1.0, -0.5, 0.25, 0.0], [-0.75, -0.5, 0.0, 0.125], [0.5, 2.0, 0.0, -0.0625],
        [0.125, -0.25, 1e-6, 8.0], [1.5, 0.375, -1e-6, 0.5], [-0.5, 0.0, 0.25, -3.0],
    ];

    // torch.optim.Adam and AdamW of PyTorch 1.13 in double: build/peers/adam_trajectory.py prints them.
    private static readonly double[][] s_adam =
    [
        [0.43750000055555555, -1.1875000007692307, -0.0624999975000001, 1.9375000012499999],
        [0.42413547540803376, -1.125034578727603, -0.10139442981395572, 1.874981869035633],
        [0.3978411789416891, -1.1316878516503495, -0.127283040565766, 1.8137301726574855],
        [0.37092288669703843, -1.1278668716969074, -0.14376071322824885, 1.7723783342911643],
        [0.3303841776768815, -1.1261304033075026, -0.1527598769117739, 1.733878380098396],
        [0.30230753568608715, -1.1203659739244956, -0.17955040607584352, 1.7114880496164575],
    ];

    private static readonly double[][] s_adamW =
    [
        [0.429687500625, -1.1679687512499999, -0.0624999975000001, 1.96875],
        [0.4173908205280691, -1.087219240761719, -0.10340207355298994, 1.8914797350375894],
        [0.3920240959342075, -1.0917835393964914, -0.1341587246901127, 1.8476353424633731],
        [0.3671664615934031, -1.0880036707046845, -0.15858006519137843, 1.7822467766997683],
        [0.32549570361669, -1.087959609504759, -0.1785155086898741, 1.7214648137009765],
        [0.29820157785007595, -1.085574115876556, -0.2124719282116672, 1.6794323845555856],
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Six_steps_are_those_of_PyTorch(bool decoupled) => Comparison.OnEveryDevice(device =>
    {
        double bound = device is ReferenceDevice ? 1e-14 : SixSteps;
        int step = 0;
        Run(device, new Adam(Decay, decoupled), s_gradients, parameters =>
        {
            double[] expected = (decoupled ? s_adamW : s_adam)[step++], actual = parameters.Parameters[0].Read();
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, bound));
            Assert.Equal([step], parameters.States.OfRun.Single().Read());
        });
        Assert.Equal(s_gradients.Length, step);
    });

    // The formula written down once more, over as many steps as it takes for the corrections to matter no longer for the mean.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_hundred_steps_follow_the_formula(bool decoupled) => Comparison.OnEveryDevice(device =>
    {
        double bound = device is ReferenceDevice ? 1e-12 : HundredSteps;
        var random = new Random(6);
        double[][] gradients = [.. Enumerable.Range(0, 100).Select(_ => Array.ConvertAll(s_weights, _ => (double)random.NextSingle()))];
        double[] w = [.. s_weights], m = new double[w.Length], v = new double[w.Length];
        int t = 0;
        Run(device, new Adam(Decay, decoupled), gradients, parameters =>
        {
            t++;
            for (int i = 0; i < w.Length; i++)
            {
                double g = gradients[t - 1][i] + (decoupled ? 0 : Decay * w[i]);
                w[i] -= decoupled ? Rate * Decay * w[i] : 0;
                m[i] = 0.9 * m[i] + 0.1 * g;
                v[i] = 0.999 * v[i] + 0.001 * g * g;
                double mean = m[i] / (1 - Math.Pow(0.9, t)), square = v[i] / (1 - Math.Pow(0.999, t));
                w[i] -= Rate * mean / (Math.Sqrt(square) + 1e-8);
            }

            Assert.All(w.Zip(parameters.Parameters[0].Read()), pair => Assert.Equal(pair.First, pair.Second, bound));
        });
    });

    private static void Run(Device device, Adam adam, double[][] gradients, Action<ParameterSet> afterStep)
    {
        var parameters = new ParameterSet(device);
        using Slab state = new(device, SlabMode.Guarded), workspace = new(device, SlabMode.Guarded);
        using var tape = new Tape(device, parameters, training: true);
        Parameter w = parameters.Parameter("w", PublishedLayout.Same(new Shape(s_weights.Length)), Initialisation.Constant(0));
        adam.Record(tape, ParameterShare.All);
        tape.Seal(workspace);
        parameters.Place(state);
        state.Commit();
        workspace.Commit();
        parameters.Bind();
        parameters.Initialise(1);
        w.Write(s_weights);
        adam.SetEpoch(parameters.Knobs, new EpochRates(Rate));
        parameters.Knobs.Upload();
        foreach (double[] gradient in gradients)
        {
            device.WriteReals(w.Variable.Gradient!, gradient);
            tape.Update();
            afterStep(parameters);
        }

        state.CheckGuards();
        workspace.CheckGuards();
    }
}
