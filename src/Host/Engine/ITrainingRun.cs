using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>A recipe being trained on a device: the trainer as the verbs see it.</summary>
internal interface ITrainingRun : IDisposable
{
    /// <summary>The device in words.</summary>
    string Device { get; }

    /// <summary>The epoch under way or the next to begin, from 0.</summary>
    int NextEpoch { get; }

    /// <summary>Training steps already done of <see cref="NextEpoch"/>; 0 at an epoch's start.</summary>
    int NextStep { get; }

    bool IsFinished { get; }

    /// <summary>The epochs of the checkpoint that was resumed; the recipe's own where none was.</summary>
    int SavedEpochs { get; }

    /// <summary>Highest top-1 so far on the images held out, or else on the test images, in percent.</summary>
    double BestTop1 { get; }

    /// <summary>The epoch of <see cref="BestTop1"/>, from 0; -1 before the first, and where another program reached it.</summary>
    int BestEpoch { get; }

    /// <summary>
    /// Trains and evaluates the next epoch, or the rest of the one under way. Stops after a whole step with OperationCanceledException.
    /// </summary>
    EpochReport RunEpoch(IProgress<StepReport>? progress, CancellationToken stop);

    /// <summary>
    /// The latent weights of the binary layers, in the network's order, each read from the device when its turn comes.
    /// </summary>
    IEnumerable<(string Name, double[] Weights)> BinaryWeights();

    /// <summary>One pass over the test images.</summary>
    PassResult Evaluate(IProgress<StepReport>? progress, CancellationToken stop);

    /// <summary>Writes the whole state, under a temporary name first.</summary>
    void Save(string path);

    /// <summary>Writes the weights and statistics and nothing to resume from, under a temporary name first.</summary>
    void SaveWeights(string path);

    /// <summary>Goes back to the state in a file that <see cref="Save"/> wrote on the same data.</summary>
    /// <param name="path">The file.</param>
    /// <param name="otherEpochs">Whether it may have been saved with another number of epochs.</param>
    DataMatch Resume(string path, bool otherEpochs);

    /// <summary>Takes the weights and statistics of a file, trained on any data and by any program, and nothing else.</summary>
    WeightsSource LoadWeights(string path);

    /// <summary>Begins with the weights and statistics of a file, whatever they were trained as.</summary>
    WeightsSource StartFrom(string path);

    /// <summary>Goes on with a run of another program, whose file holds no momentum.</summary>
    WeightsSource ResumeForeign(string path);
}
