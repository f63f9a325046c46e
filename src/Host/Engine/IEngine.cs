using ReSTE.Native.Checkpoints;
using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Estimators;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>
/// All that the command asks of the engine and the data sets. Trouble is reported by the engine's own exceptions, see
/// <see cref="Trouble"/>.
/// </summary>
internal interface IEngine
{
    IReadOnlyList<string> Datasets { get; }

    /// <summary>The networks that can be trained on a data set.</summary>
    IReadOnlyList<string> Models(string dataset);

    IReadOnlyList<string> Estimators { get; }

    IReadOnlyList<string> Optimisers { get; }

    /// <summary>The first GPU that looks usable; 0 where none does.</summary>
    int FirstGpu { get; }

    /// <summary>
    /// Lets GPUs go by their physical numbers: whatever CUDA_VISIBLE_DEVICES hides, and in nvidia-smi's order where CUDA_DEVICE_ORDER asks
    /// for no other. Must come before any question about GPUs.
    /// </summary>
    void ShowAllGpus();

    /// <summary>Why GPU <paramref name="index"/> cannot be used; null where it can, and then it is open for the run that follows.</summary>
    string? WhyNoGpu(int index);

    /// <summary>What there is of CUDA on this machine and in this build, line by line.</summary>
    IEnumerable<(string Name, string Value)> DescribeGpus();

    /// <summary>Refuses what no data could make right, such as an argument the estimator does not have.</summary>
    void Check(Recipe recipe);

    /// <summary>The settings of a recipe, by name, that decide nothing in its run; see <see cref="UnusedSettings"/>.</summary>
    IReadOnlyList<string> Unused(Recipe recipe);

    /// <summary>The estimator that a recipe asks for; refuses as <see cref="Check"/>.</summary>
    Estimator Estimator(Recipe recipe);

    /// <summary>The largest learning rate of a recipe's schedule.</summary>
    double LargestRate(Recipe recipe);

    /// <summary>The learning rate and the estimator's o of an epoch, from 0, of a recipe's schedule.</summary>
    (double Rate, double O) Schedule(Recipe recipe, int epoch);

    /// <summary>What this process may still take of the machine's memory; null where the system does not tell.</summary>
    DeviceMemory? Memory { get; }

    /// <summary>Opens a data set to be used on a device. Refuses one that memory has no room for before it is read.</summary>
    DataSplits Open(Recipe recipe, string? path, DeviceChoice device);

    /// <summary>Bytes of this process's memory that a run on the CPU takes, its data set as read among them; nothing is taken.</summary>
    /// <param name="recipe">The run.</param>
    /// <param name="path">Where its data lie.</param>
    /// <param name="data">The same, opened.</param>
    long Reckon(Recipe recipe, string? path, DataSplits data);

    ITrainingRun Start(Recipe recipe, DeviceChoice device, DataSplits data);

    /// <summary>The gradients of a run's binary layers in one step of its last epoch, from the weights of its checkpoint.</summary>
    IReadOnlyList<LayerGradients> Gradients(Settings settings, string checkpoint);

    /// <summary>One training step, ready to be repeated, on images made up for it.</summary>
    IStepBenchmark Benchmark(Recipe recipe, DeviceChoice device, bool evaluates);

    /// <summary>The launches of one training step, none of which is made, on images made up for it.</summary>
    KernelListing List(Recipe recipe, DeviceChoice device);

    /// <summary>The kernels of one training step, ready to be timed, on images made up for it.</summary>
    IKernelBenchmark BenchmarkKernels(Recipe recipe, DeviceChoice device);

    /// <summary>The tensors of a file of any form, all that it holds; a checkpoint of ours is checked to be whole.</summary>
    StateDictionary ReadState(string path);

    /// <summary>A checkpoint's parameters and statistics, as the published trainer would save them.</summary>
    StateDictionary ReadPublished(string path);

    /// <summary>Writes tensors as PyTorch does, or else as safetensors.</summary>
    void WriteState(StateDictionary state, string path, bool asPyTorch);

    /// <summary>The layers of a network, in the order data takes; for as many classes as the data set has, unless they are given.</summary>
    IReadOnlyList<LayerSummary> Summarize(Recipe recipe, int? classes = null);

    /// <summary>What decodes images here, and why.</summary>
    string DescribeDecoders();
}
