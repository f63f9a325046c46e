namespace ReSTE.Native.Training;

/// <summary>
/// Everything that decides the numbers of a run. Two runs of one recipe on one device give the same bits. Defaults are the published ones.
/// </summary>
public sealed record Recipe
{
    /// <summary>Network, by the published name; a network of the caller's own puts its name here.</summary>
    public string Model { get; init; } = "resnet20_1w1a";

    /// <summary>Data set, by name; it also decides which network a name means.</summary>
    public string Dataset { get; init; } = "cifar10";

    /// <summary>Epochs of the whole run.</summary>
    public int Epochs { get; init; } = 1000;

    /// <summary>The epoch before the first one to train: training begins at StartEpoch + 1, with its learning rate and o.</summary>
    public int StartEpoch { get; init; } = -1;

    /// <summary>Base learning rate.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>Momentum of SGD, and of the optimiser that AdaSTE brings; Adam and Bop have none.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Weight decay, on every parameter; decoupled from the gradient with AdamW.</summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Training images a step.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Test images a step.</summary>
    public int BatchSizeTest { get; init; } = 128;

    /// <summary>Gradient estimator, by name.</summary>
    public string Estimator { get; init; } = "ReSTE";

    /// <summary>Estimator settings beyond the published flags, by name.</summary>
    public IReadOnlyDictionary<string, EstimatorArgument> EstimatorArguments { get; init; } = new Dictionary<string, EstimatorArgument>();

    /// <summary>ReSTE's exponent at the end of the run.</summary>
    public double OEnd { get; init; } = 3;

    /// <summary>Whether the first five epochs ramp the learning rate up.</summary>
    public bool WarmUp { get; init; }

    /// <summary>Whether activations stay real (1W/32A): only the weights are binarised.</summary>
    public bool RealActivations { get; init; }

    /// <summary>Whether estimating error and gradient stability are measured after each epoch's last step.</summary>
    public bool Indicators { get; init; }

    /// <summary>Seed of every random stream.</summary>
    public ulong Seed { get; init; } = 1234;

    /// <summary>How many training images to use, from the first on; 0 for all.</summary>
    public int LimitTrain { get; init; }

    /// <summary>How many test images to use, from the first on; 0 for all.</summary>
    public int LimitTest { get; init; }

    /// <summary>
    /// The share of the training images that is held out, by the seed, and on which the best epoch is chosen in place of the test images;
    /// from 0, for none, to below 1. See <see cref="Training.ValidationSplit"/>.
    /// </summary>
    public double ValidationSplit { get; init; }

    /// <summary>
    /// What updates the weights, by name: SGD, Adam or AdamW. An estimator may bring its own for the weights of binary layers.
    /// </summary>
    public string Optimiser { get; init; } = "SGD";

    /// <summary>
    /// Whose mean and deviation the images are normalised by: "data" for what the data say, or a name of
    /// <see cref="Training.Normalisation.Names"/>.
    /// </summary>
    public string Normalisation { get; init; } = Training.Normalisation.OfData;
}
