using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Estimators;
using ReSTE.Native.Networks;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Training;

/// <summary>
/// A recipe being trained on a device. Everything that changes lives on the device or in <see cref="State"/>, so that a run stopped after
/// any step, saved and resumed leaves the bits of one that never stopped. A trainer, and the device it runs on, serve one thread at a time.
/// </summary>
public sealed partial class Trainer : IDisposable
{
    private readonly TrainingPlan _plan;
    private readonly Recipe _recipe;
    private readonly Device _device;
    private readonly LearningRateSchedule _rates;
    private readonly DataIdentities _data;
    private TrainingState _state;
    private bool _broken, _borrowed, _stepped, _disposed;

    /// <summary>
    /// Trains the catalogued network and estimator that a recipe names: records and seals the network and uploads the data. Throws
    /// <see cref="RecipeException"/> for what cannot work, <see cref="DatasetException"/> for data that is not what it says, and
    /// <see cref="DeviceMemoryException"/> for what does not fit the device.
    /// </summary>
    public Trainer(Recipe recipe, Device device, DataSplits data)
        : this(TrainingPlan.Of(recipe, data), device)
    {
    }

    /// <summary>
    /// Trains a network of the caller's own on any data, with the recipe's estimator unless one is given; the recipe's Model, Dataset and
    /// Estimator become the names of what is given, and are what checkpoints record. Throws as the other constructor does, and
    /// <see cref="ArgumentException"/> where a layer does not fit its input.
    /// </summary>
    public Trainer(Recipe recipe, Device device, DataSplits data, Network network, Estimator? estimator = null)
        : this(TrainingPlan.Of(recipe, data, network, estimator), device)
    {
    }

    internal Trainer(TrainingPlan plan, Device device)
    {
        (_plan, _recipe, _device) = (plan, plan.Recipe, device);
        _rates = LearningRateSchedule.Of(_recipe, plan.Estimator);
        _data = new DataIdentities(plan.Data);
        Network = Committed();
        SavedEpochs = _recipe.Epochs;
        _state = new TrainingState { Epoch = _recipe.StartEpoch + 1 };
        SetEpoch(_state.EpochOfWeights(_recipe.Epochs));
    }

    /// <summary>Where the run stands.</summary>
    public TrainingState State => _stepped ? Capture(_state.Seconds) : _state;

    /// <summary>Parameters and running statistics.</summary>
    public ParameterSet Parameters => Network.Parameters;

    /// <summary>Training steps done in the epoch under way.</summary>
    public int StepsDone => Network.Train.StepsFor(State.Cursor);

    /// <summary><see cref="Recipe.Epochs"/> of the checkpoint that was resumed; the recipe's own where none was.</summary>
    public int SavedEpochs { get; private set; }

    /// <summary>Whether every epoch is done.</summary>
    public bool IsFinished => _state.Epoch >= _recipe.Epochs;

    private SealedNetwork Network => _disposed ? throw new ObjectDisposedException(nameof(Trainer)) : field;

    /// <summary>Bytes of the data sets on the device.</summary>
    public long DatasetBytes => Network.DatasetBytes;

    /// <summary>Kernel launches in one training step; 0 on a device that has none, or that records nothing.</summary>
    public long LaunchesPerStep => Network.Train.Launches;

    /// <summary>One pass over the test images with the running statistics. A stop takes effect as in <see cref="RunEpoch"/>.</summary>
    public PassResult Evaluate(IProgress<StepReport>? progress = null, CancellationToken stop = default) =>
        Evaluate(Network.Test, progress, stop);

    /// <summary>As <see cref="Evaluate(IProgress{StepReport}?, CancellationToken)"/>, with the times of the last whole batch.</summary>
    /// <param name="clock">Of <see cref="NewEvaluationClock"/>.</param>
    public PassResult Evaluate(StepClock clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return Evaluate(Network.Test, progress: null, stop: default, clock);
    }

    /// <summary>A clock that tells how long each operation of a batch evaluated takes; null as of <see cref="NewStepClock"/>.</summary>
    public StepClock? NewEvaluationClock() => Network.Test.NewClock();

    /// <summary>
    /// One training step without reports, for timing: no evaluation, and where the epoch ends it begins once more. Throws
    /// <see cref="InvalidOperationException"/> once every epoch is done or training has failed, and after <see cref="LoadWeights"/>.
    /// </summary>
    public void Step() => StepWith(clock: null);

    /// <summary>As <see cref="Step()"/>, with the times of a clock of this trainer. A smaller last batch leaves it as it was.</summary>
    public void Step(StepClock clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        StepWith(clock);
    }

    /// <summary>A clock that tells how long each operation of a step takes; null on a device that runs a step all at once.</summary>
    public StepClock? NewStepClock() => Network.Train.NewClock();

    private void StepWith(StepClock? clock)
    {
        ThrowIfUnfit();
        ThrowIfFinished();
        if (!_stepped || Network.Train.Cursor >= Network.Train.Count)
        {
            if (_stepped)
                Capture(_state.Seconds);
            if (_state.Cursor >= Network.Train.Count)
                _state = _state with { Cursor = 0, LossSum = 0, Top1Hits = 0, Top5Hits = 0 };
            BeginEpoch(_state.Epoch);
        }

        Network.Train.Step(clock);
        _stepped = true;
    }

    /// <summary>
    /// A predictor over the weights of this run, as they are whenever it is asked: for looking on while training. The trainer must outlive
    /// it. Throws <see cref="DeviceMemoryException"/> where so large a batch does not fit the device.
    /// </summary>
    public Predictor NewPredictor(int batchSize = 128) =>
        new(_device, _plan.Network, _plan.Estimator, _recipe.RealActivations, _plan.Input, batchSize, Parameters);

    /// <summary>Gives back the memory on the device; not the device, which is the caller's.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            Network.Dispose();
            _data.Dispose();
        }

        _disposed = true;
    }

    private PassResult Evaluate(Pass pass, IProgress<StepReport>? progress, CancellationToken stop, StepClock? clock = null)
    {
        pass.BeginInOrder();
        pass.Run(_state.Epoch, progress, stop, clock);
        return pass.Result();
    }

    private SealedNetwork Committed()
    {
        try
        {
            return SealedNetwork.Committed(_plan, _device);
        }
        catch
        {
            _data.Dispose();
            throw;
        }
    }

    // After a failure the weights have moved on and the state has not: saving that would be a checkpoint of nothing that ever was.
    private void ThrowIfBroken()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_broken)
            throw new InvalidOperationException("training has failed; start anew, or resume from a checkpoint in a new trainer");
    }

    // The weights and the state must be one run's, and not of a file that was only to be looked at.
    private void ThrowIfUnfit()
    {
        ThrowIfBroken();
        if (_borrowed)
            throw new InvalidOperationException("the weights were loaded to be evaluated; resume or start from a file to train or save");
    }

    private void ThrowIfFinished()
    {
        if (IsFinished)
            throw new InvalidOperationException("every epoch is done");
    }

    private void SetEpoch(int epoch) => Network.SetEpoch(epoch, _rates.At(epoch));

    private TrainingState Capture(double seconds)
    {
        _stepped = false;
        ReadOnlySpan<double> sums = Network.Train.Sums();
        long steps = _state.Steps + Network.Train.StepsDone - Network.Train.StepsFor(_state.Cursor);
        return _state = _state with
        {
            Cursor = Network.Train.Cursor,
            LossSum = sums[0],
            Top1Hits = sums[1],
            Top5Hits = sums[2],
            Seconds = seconds,
            Steps = steps,
        };
    }
}
