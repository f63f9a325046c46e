using ReSTE.Native.Training;
using static ReSTE.Native.Host.FlagOrigin;
using static ReSTE.Native.Host.Flags;

namespace ReSTE.Native.Host;

/// <summary>The flags of training and evaluating: the published trainer's, in its order and with its defaults, then ours.</summary>
internal sealed class TrainingFlags
{
    /// <summary>Holds the data sets' default folders, each of its set's name.</summary>
    public const string DataFolder = "/data/";

    public Flag<string?> ResultsDir { get; } =
        Location(Published, "--results_dir", "DIR", "./results", "folder that holds the run folders");
    public Flag<string?> Save { get; } = Text(Published, "--save", "NAME", "", "run folder inside --results_dir");
    public Flag<bool> Resume { get; } = Switch(Published, "--resume", "go on from the checkpoint in the run folder");
    public Flag<string?> Evaluate { get; } =
        Location(Published, "--evaluate", "FILE", null, "evaluate this checkpoint on the test images and train nothing", "-e");
    public Flag<ulong> Seed { get; } =
        Choice(Published, "--seed", "N", 1234UL, "1234", "seed of every random stream", Numbers.Seed);
    public Flag<string?> Model { get; } = Text(Published, "--model", "NAME", "resnet20_1w1a", "network", "-m");
    public Flag<string?> Dataset { get; } = Text(Published, "--dataset", "NAME", "cifar10",
        "data set, the built-in shapes without it and --data_path; cifar100 is by its 100 fine labels, imagenet any folder of images,"
            + " tinyimagenet the same at 64x64");
    public Flag<string?> DataPath { get; } = Location(Published, "--data_path", "PATH", null,
        "folder of CIFAR's files in Python or binary form, unpacked or as the official .tar.gz, or such an archive itself; on imagenet "
            + "a folder that holds train/CLASS and val/CLASS",
        defaultText: $"{DataFolder}cifar10; {DataFolder}cifar100 on cifar100, {DataFolder}imagenet on imagenet");
    public Flag<string?> TensorType { get; } =
        Text(Published, "--ts_type", "NAME", "torch.cuda.FloatTensor", "accepted for old command lines; without effect");
    public Flag<IReadOnlyList<int>> Gpus { get; } =
        Choice<IReadOnlyList<int>>(Published, "--gpus", "N", [], "0 if usable",
            "train on this GPU, by its number in nvidia-smi (or by CUDA_DEVICE_ORDER where that is set), and on nothing else",
            DeviceRequest.ParseGpus);
    public Flag<double> LearningRate { get; } = Real(Published, "--lr", 0.1, RealRange.NotNegative, "base learning rate");
    public Flag<double> WeightDecay { get; } =
        Real(Published, "--weight_decay", 1e-4, RealRange.NotNegative, "weight decay, on every parameter");
    public Flag<double> Momentum { get; } =
        Real(Published, "--momentum", 0.9, RealRange.Fraction, "momentum of SGD, and of AdaSTE's own optimiser");
    public Flag<int> Workers { get; } = Integer(Published, "--workers", 8, 0, "threads that decode an image folder, one a core at most");
    public Flag<int> Epochs { get; } = Choice(Published, "--epochs", "N", 1000, $"1000; {ShapesDefaults.Epochs} on shapes",
        "epochs of the whole run", text => Numbers.Integer(text, 1, int.MaxValue));
    public Flag<int> StartEpoch { get; } =
        Integer(Published, "--start_epoch", -1, -1, "begin at epoch N + 1, with its learning rate and o");
    public Flag<int> BatchSize { get; } = Choice(Published, "--batch_size", "N", 256, $"256; {ShapesDefaults.BatchSize} on shapes",
        "training images a step", text => Numbers.Integer(text, 1, int.MaxValue), "-b");
    public Flag<int> BatchSizeTest { get; } = Integer(Published, "--batch_size_test", 128, 1, "test images a step", "-bt");
    public Flag<int> PrintFrequency { get; } = Integer(Published, "--print_freq", 100, 1, "steps from one log line to the next", "-p");
    public Flag<int> TimeEstimate { get; } =
        Integer(Published, "--time_estimate", 1, 0, "epochs from one estimate of the finish to the next; 0 for none");
    public Flag<bool> RealActivations { get; } = Switch(Published, "--a32", "keep activations real: only the weights are binary (1W/32A)");
    public Flag<bool> WarmUp { get; } = Switch(Published, "--warm_up", "ramp the learning rate up over the first five epochs");
    public Flag<string?> Estimator { get; } = Text(Published, "--estimator", "NAME", "ReSTE", "gradient estimator of sign()");
    public Flag<double> OEnd { get; } = Real(Published, "--o_end", 3, RealRange.AtLeastOne, "ReSTE's exponent at the end of the run");
    public Flag<bool> Indicators { get; } =
        Switch(Published, "--cal_ind", "measure estimating error and gradient stability once an epoch");

    public Flag<string?> Optimiser { get; } = Text(Ours, "--optimiser", "NAME", "SGD",
        "what updates the weights; Adam and AdamW want a smaller --lr, such as 0.001", "--optimizer");
    public Flag<string?> Init { get; } = Location(Ours, "--init", "FILE", null,
        "start from the weights of this checkpoint, ours or PyTorch's, with the optimiser's states at zero");
    public Flag<string?> Config { get; } = Location(Ours, ConfigFile.Flag, "FILE", null,
        "settings as a file, name: value a line, such as the argument.txt of a run; flags win over it");
    public Flag<DeviceRequest> Device { get; } = Choice(Ours, "--device", "auto|cpu|cuda[:N]", DeviceRequest.Auto, "auto",
        "where to compute; auto takes the first usable GPU, else the CPU", DeviceRequest.Parse);
    public Flag<int> Threads { get; } = Choice(Ours, "--threads", "N", 0, "one a core", "threads of the CPU device",
        text => Numbers.Integer(text, 1, 1024));
    public Flag<int> LimitTrain { get; } = Choice(Ours, "--limit_train", "N", 0, "all", "use only the first N training images",
        text => Numbers.Integer(text, 0, int.MaxValue));
    public Flag<int> LimitTest { get; } = Choice(Ours, "--limit_test", "N", 0, "all", "use only the first N test images",
        text => Numbers.Integer(text, 0, int.MaxValue));
    public Flag<double> ValidationSplit { get; } = Choice(Ours, "--val_split", "FRACTION", 0.0, "0: none",
        "hold out this share of the training images, choose the best epoch on them, and test at the end only",
        text => Numbers.Real(text, RealRange.Fraction));
    public Flag<string?> Normalisation { get; } = Text(Ours, "--normalise", "NAME", Training.Normalisation.OfData,
        $"whose mean and deviation images are normalised by: {string.Join(", ", Training.Normalisation.Names)}");
    public Flag<IReadOnlyDictionary<string, EstimatorArgument>> EstimatorArguments { get; } = new("--estimator_arg", Ours, "NAME=X",
        new Dictionary<string, EstimatorArgument>(), "none", "a setting of the estimator, e.g. t=1.5; may be repeated", ArgumentPairs.Read);
    public Flag<ProgressMode> Progress { get; } = Choice(Ours, "--progress", "auto|plain|none", ProgressMode.Auto, "auto",
        "what stdout shows: a bar on a terminal, plain lines, or only results", Words.Read<ProgressMode>);

    public Flag<bool> TensorBoard { get; } =
        Switch(Ours, "--tensorboard", $"write the numbers of epochs and logged steps for TensorBoard too, {EventFile.Name}");

    /// <summary>All of them, in the order help and argument.txt list them.</summary>
    public IReadOnlyList<IFlag> All =>
    [
        ResultsDir, Save, Resume, Evaluate, Seed, Model, Dataset, DataPath, TensorType, Gpus, LearningRate, WeightDecay, Momentum, Workers,
        Epochs, StartEpoch, BatchSize, BatchSizeTest, PrintFrequency, TimeEstimate, RealActivations, WarmUp, Estimator, OEnd, Indicators,
        Optimiser, Init, Config, Device, Threads, LimitTrain, LimitTest, ValidationSplit, Normalisation, EstimatorArguments, Progress,
        TensorBoard,
    ];
}
