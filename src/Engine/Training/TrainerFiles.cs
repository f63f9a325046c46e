using ReSTE.Native.Checkpoints;
using ReSTE.Native.Datasets;

namespace ReSTE.Native.Training;

/// <content>What a run writes to files and takes from them.</content>
public sealed partial class Trainer
{
    /// <summary>Waits until nobody reads the data beside the steps any more.</summary>
    internal void AwaitDataKnown() => _data.Wait();

    /// <summary>
    /// Writes everything a resumed run needs, replacing an older file only when the new one is complete. Throws
    /// <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> where it cannot be written,
    /// <see cref="DatasetException"/> where the data cannot be read again, and <see cref="InvalidOperationException"/> once training has
    /// failed, and after <see cref="LoadWeights"/>.
    /// </summary>
    public void Save(string path)
    {
        ThrowIfUnfit();
        TrainingCheckpoint.Save(path, _plan, _data, State, Parameters);
    }

    /// <summary>
    /// Writes parameters and running statistics with the recipe and what they were trained on, for a <see cref="Predictor"/> and
    /// <see cref="LoadWeights"/>: nothing can be resumed from it. Throws as <see cref="Save"/> does.
    /// </summary>
    public void SaveWeights(string path)
    {
        ThrowIfUnfit();
        TrainingCheckpoint.SaveWeights(path, _plan, _data, State, Parameters);
    }

    /// <summary>
    /// Goes back to the state in a file that <see cref="Save"/> wrote for the same recipe, the same data and the same preprocessing; says
    /// whether these are the same data, which an older file does not know. Throws <see cref="CheckpointException"/>.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="otherEpochs">
    /// Whether the recipe may have another number of epochs than the file: rates and o of all that is still to be trained are then those of
    /// the recipe, and jump where it goes on. Throws <see cref="RecipeException"/> for fewer than are done.
    /// </param>
    public DataMatch Resume(string path, bool otherEpochs = false)
    {
        (_state, DataMatch match, SavedEpochs) = TrainingCheckpoint.Resume(path, _plan, _data, Parameters, otherEpochs);
        _stepped = _borrowed = false;
        SetEpoch(_state.EpochOfWeights(_recipe.Epochs));
        return match;
    }

    /// <summary>
    /// Takes the weights and statistics of a file, of any recipe with the same network and data set, and nothing else; says what the file
    /// is, and whether they were trained or tested on these data, for they may be evaluated on any. It may be another program's, such as
    /// PyTorch's, which must fit the network name by name and shape by shape. They are there to be evaluated and predicted with: to train
    /// or save, the run must resume or start from a file again. Throws <see cref="CheckpointException"/>.
    /// </summary>
    public WeightsSource LoadWeights(string path)
    {
        WeightsSource source = TrainingCheckpoint.LoadWeights(path, _plan, _data, Parameters);
        _borrowed = true;
        // They are seen as they were where they were trained; what another program saved, as at the end of a run.
        int epochs = source.Recipe?.Epochs ?? _recipe.Epochs;
        int epoch = source is { Recipe: not null, Epoch: { } trained } ? trained - 1 : epochs - 1;
        Network.SetForward(Math.Clamp(epoch, 0, Math.Max(0, epochs - 1)), Math.Max(1, epochs));
        return source;
    }

    /// <summary>
    /// Begins the run with the weights and statistics of a file, of this program or another, whose tensors are the network's by name and
    /// shape, whatever recipe trained them; the optimiser's states are zero. Throws <see cref="CheckpointException"/>, and
    /// <see cref="InvalidOperationException"/> once training has begun.
    /// </summary>
    public WeightsSource StartFrom(string path)
    {
        ThrowIfBroken();
        if (_stepped || _state.Steps > 0 || _state.Cursor > 0)
            throw new InvalidOperationException("training has begun: a run starts from weights before its first step");
        WeightsSource source = TrainingCheckpoint.StartFrom(path, _plan, Parameters);
        _borrowed = false;
        return source;
    }

    /// <summary>
    /// Goes on with a run that the published trainer or another program saved, at the epoch its file names. The optimiser's states, which
    /// such a file does not hold, are zero. Throws <see cref="CheckpointException"/>, also where this run has images held out, for that one
    /// trained on them.
    /// </summary>
    public WeightsSource ResumeForeign(string path)
    {
        (_state, WeightsSource source) = TrainingCheckpoint.ResumeForeign(path, _plan, Parameters);
        _stepped = _borrowed = false;
        SetEpoch(_state.EpochOfWeights(_recipe.Epochs));
        return source;
    }
}
