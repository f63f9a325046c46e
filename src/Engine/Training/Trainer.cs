using System.Diagnostics;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Devices;
using ReSTE.Native.Estimators;
using ReSTE.Native.Tapes;
using ReSTE.Native.Training.Schedules;

namespace ReSTE.Native.Training;

/// <summary>
/// A recipe being trained on a device. Everything that changes lives on the device or in <see cref="State"/>, so that a run stopped behind any step,
/// saved and resumed leaves the bits of one that never stopped. A trainer, and the device it runs on, serve one thread at a time.
/// </summary>
public sealed class Trainer : IDisposable
{
    private readonly Recipe _recipe;
    private readonly Device _device;
    private readonly SealedNetwork _network;
    private readonly Pass _train, _test;
    private readonly LearningRateSchedule _rates;
    private TrainingState _state;
    private bool _broken, _stepped;

    /// <summary>
    /// Records and seals the network and uploads the data. Throws <see cref="RecipeException"/> for what cannot work and
    /// <see cref="DeviceMemoryException"/> for what does not fit the device.
    /// </summary>
    public Trainer(Recipe recipe, Device device, DataSplits data)
    {
        _recipe = TrainingRules.Check(recipe, data);
        _device = device;
        _rates = LearningRateSchedule.Published(recipe.LearningRate, recipe.Epochs, recipe.WarmUp);
        _network = new SealedNetwork(recipe, device, data);
        (_train, _test) = (_network.Train, _network.Test);
        (long Free, long Total)? memory = device.Memory;
        try
        {
            _network.Commit();
        }
        catch (Exception e)
        {
            Dispose();
            if (device.IsOutOfMemory(e))
                throw new MemoryShortage(recipe, device, data).Explain(_network.Needs, memory, e);
            throw;
        }

        _state = new TrainingState { Epoch = recipe.StartEpoch + 1 };
    }

    /// <summary>Where the run stands.</summary>
    public TrainingState State
    {
        get
        {
            if (_stepped)
                Capture(_state.Seconds);
            return _state;
        }
    }

    /// <summary>Parameters and running statistics.</summary>
    public ParameterSet Parameters => _network.Parameters;

    /// <summary>Training steps done in the epoch under way.</summary>
    public int StepsDone => _train.StepsFor(State.Cursor);

    /// <summary>Whether every epoch is done.</summary>
    public bool IsFinished => _state.Epoch >= _recipe.Epochs;

    /// <summary>Bytes of the data sets on the device.</summary>
    public long DatasetBytes => _network.DatasetBytes;

    /// <summary>Kernel launches in one training step; 0 on a device that has none, or that records nothing.</summary>
    public long LaunchesPerStep => _train.Launches;

    /// <summary>
    /// Trains and evaluates the next epoch, or the rest of the one under way. A stop takes effect behind a whole step, as
    /// <see cref="OperationCanceledException"/>; the run can then be saved, or go on with the next call.
    /// </summary>
    public EpochReport RunEpoch(IProgress<StepReport>? progress, CancellationToken stop)
    {
        ThrowIfBroken();
        if (IsFinished)
            throw new InvalidOperationException("every epoch is done");
        // Only a whole epoch, or a stop that was taken note of, leaves a run that is what its state says.
        _broken = true;
        int epoch = State.Epoch;
        long start = Stopwatch.GetTimestamp();
        double before = _state.Seconds;
        BeginEpoch(epoch);
        try
        {
            if (_state.Cursor < _train.Count)
                Train(epoch, progress, stop);
            FiniteCheck.Loss(Evaluate(progress, stop).Loss, "validation", epoch);
        }
        catch (OperationCanceledException)
        {
            Capture(before + Stopwatch.GetElapsedTime(start).TotalSeconds);
            _broken = false;
            throw;
        }

        Capture(before + Stopwatch.GetElapsedTime(start).TotalSeconds);
        EpochReport report = FinishEpoch(epoch);
        _broken = false;
        return report;
    }

    /// <summary>One pass over the test images with the running statistics.</summary>
    public PassResult Evaluate(IProgress<StepReport>? progress, CancellationToken stop)
    {
        _test.Begin(0, 0, 0, [0, 0, 0]);
        _test.Run(_state.Epoch, progress, stop);
        return _test.Result();
    }

    /// <summary>One training step without reports, for timing: no evaluation, and where the epoch ends it begins once more.</summary>
    public void Step()
    {
        if (_train.Cursor == 0 || _train.Cursor >= _train.Count)
        {
            _state = _state with { Cursor = 0, LossSum = 0, Top1Hits = 0, Top5Hits = 0 };
            BeginEpoch(_state.Epoch);
        }

        _train.Step();
        _stepped = true;
    }

    /// <summary>Writes everything a resumed run needs, replacing an older file only when the new one is complete.</summary>
    public void Save(string path)
    {
        ThrowIfBroken();
        TrainingCheckpoint.Save(path, _recipe, State, _network.Parameters);
    }

    /// <summary>Goes back to the state in a file that <see cref="Save"/> wrote for the same recipe. Throws <see cref="CheckpointException"/>.</summary>
    public void Resume(string path) => _state = TrainingCheckpoint.Resume(path, _recipe, _network.Parameters, _train.Count);

    /// <summary>Takes the weights and statistics of a file and nothing else. Throws <see cref="CheckpointException"/>.</summary>
    public void LoadWeights(string path) => TrainingCheckpoint.LoadWeights(path, _recipe, _network.Parameters);

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    // Behind a failure the weights have moved on and the state has not: saving that would be a checkpoint of nothing that ever was.
    private void ThrowIfBroken()
    {
        if (_broken)
            throw new InvalidOperationException("training has failed; start anew, or resume from a checkpoint in a new trainer");
    }

    private void BeginEpoch(int epoch)
    {
        var knobs = _network.Parameters.Knobs;
        Estimator estimator = _network.Estimator;
        knobs.SetOptimiser(_rates.Rate(epoch), _recipe.Momentum, _recipe.WeightDecay);
        knobs.SetSlopes(estimator.WeightParameters(epoch, _recipe.Epochs), estimator.ActivationParameters(epoch, _recipe.Epochs));
        knobs.SetIndicatorExponent(_recipe.OEnd);
        knobs.Upload();
        _network.TrainImages.SetOrder(Permutation.Of(_train.Count, _recipe.Seed, epoch));
        _train.Begin(_state.Cursor, epoch, _recipe.Seed, [_state.LossSum, _state.Top1Hits, _state.Top5Hits]);
    }

    // The indicators want the gradients of the last step, so they are taken here and kept: a run resumed during evaluation has no gradients.
    private void Train(int epoch, IProgress<StepReport>? progress, CancellationToken stop)
    {
        _train.Run(epoch, progress, stop);
        FiniteCheck.Run(_device, _network.Parameters, epoch);
        FiniteCheck.Loss(_train.Result().Loss, "training", epoch);
        var (error, variance) = _network.MeasureIndicators();
        _state = _state with { EstimatingError = error, GradientStability = variance };
    }

    private void Capture(double seconds)
    {
        _stepped = false;
        ReadOnlySpan<double> sums = _train.Sums();
        long steps = _state.Steps + _train.StepsDone - _train.StepsFor(_state.Cursor);
        _state = _state with { Cursor = _train.Cursor, LossSum = sums[0], Top1Hits = sums[1], Top5Hits = sums[2], Seconds = seconds, Steps = steps };
    }

    private EpochReport FinishEpoch(int epoch)
    {
        PassResult validation = _test.Result();
        bool isBest = _state.BestEpoch < 0 || validation.Top1 > _state.BestTop1;
        var report = new EpochReport(epoch, _rates.Rate(epoch), _network.Estimator.Exponent(epoch, _recipe.Epochs), _train.Result(), validation,
            _state.EstimatingError, _state.GradientStability, _state.Seconds, isBest);
        _state = new TrainingState
        {
            Epoch = epoch + 1,
            Steps = _state.Steps,
            BestTop1 = isBest ? validation.Top1 : _state.BestTop1,
            BestEpoch = isBest ? epoch : _state.BestEpoch,
        };
        return report;
    }
}
