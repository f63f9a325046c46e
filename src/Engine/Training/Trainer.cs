using System.Diagnostics;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Devices;
using ReSTE.Native.Estimators;
using ReSTE.Native.Networks;
using ReSTE.Native.Ops;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;
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
    private readonly Estimator _estimator;
    private readonly LearningRateSchedule _rates;
    private readonly ParameterSet _parameters;
    private readonly Slab _stateSlab, _workspace;
    private readonly DeviceImages _trainImages;
    private readonly Pass _train, _test;
    private readonly Indicators? _indicators;
    private readonly Tensor? _indicatorResult;
    private TrainingState _state;
    private bool _broken, _stepped;

    /// <summary>Records and seals the network and uploads the data. Throws <see cref="RecipeException"/> for what cannot work.</summary>
    public Trainer(Recipe recipe, Device device, DataSplits data)
    {
        _recipe = TrainingRules.Check(recipe, data);
        _device = device;
        _estimator = EstimatorCatalog.Create(recipe);
        _rates = LearningRateSchedule.Published(recipe.LearningRate, recipe.Epochs, recipe.WarmUp);
        _parameters = new ParameterSet(device);
        _stateSlab = new Slab(device);
        _workspace = new Slab(device);
        _trainImages = new DeviceImages(device, _stateSlab, data.Train, data.Preprocessing);
        var testImages = new DeviceImages(device, _stateSlab, data.Test, data.Preprocessing);
        DatasetBytes = _trainImages.Pixels.Bytes + testImages.Pixels.Bytes;
        _train = NewPass(_trainImages, recipe.BatchSize, training: true);
        _test = NewPass(testImages, recipe.BatchSizeTest, training: false);
        if (recipe.Indicators)
            (_indicators, _indicatorResult) = NewIndicators();

        _parameters.Place(_stateSlab);
        try
        {
            _stateSlab.Commit();
            _parameters.Bind();
            _workspace.Commit();
            _trainImages.Upload();
            testImages.Upload();
            _parameters.Initialise(recipe.Seed);
            _train.Prepare();
            _test.Prepare();
        }
        catch
        {
            Dispose();
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
    public ParameterSet Parameters => _parameters;

    /// <summary>Training steps done in the epoch under way.</summary>
    public int StepsDone => _train.StepsFor(State.Cursor);

    /// <summary>Whether every epoch is done.</summary>
    public bool IsFinished => _state.Epoch >= _recipe.Epochs;

    /// <summary>Bytes of the data sets on the device.</summary>
    public long DatasetBytes { get; }

    /// <summary>
    /// Trains and evaluates the next epoch, or the rest of the one under way. A stop takes effect behind a whole step, as
    /// <see cref="OperationCanceledException"/>; the run can then be saved, or go on with the next call.
    /// </summary>
    public EpochReport RunEpoch(IProgress<StepReport>? progress, CancellationToken stop)
    {
        ThrowIfBroken();
        if (IsFinished)
            throw new InvalidOperationException("every epoch is done");
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
            throw;
        }
        catch
        {
            _broken = true;
            throw;
        }

        Capture(before + Stopwatch.GetElapsedTime(start).TotalSeconds);
        return FinishEpoch(epoch);
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
        TrainingCheckpoint.Save(path, _recipe, State, _parameters);
    }

    /// <summary>Goes back to the state in a file that <see cref="Save"/> wrote for the same recipe. Throws <see cref="CheckpointException"/>.</summary>
    public void Resume(string path) => _state = TrainingCheckpoint.Resume(path, _recipe, _parameters, _train.Count);

    /// <summary>Takes the weights and statistics of a file and nothing else. Throws <see cref="CheckpointException"/>.</summary>
    public void LoadWeights(string path) => TrainingCheckpoint.LoadWeights(path, _recipe, _parameters);

    /// <inheritdoc/>
    public void Dispose()
    {
        _train.Dispose();
        _test.Dispose();
        _workspace.Dispose();
        _stateSlab.Dispose();
    }

    // Behind a failure the weights have moved on and the state has not: saving that would be a checkpoint of nothing that ever was.
    private void ThrowIfBroken()
    {
        if (_broken)
            throw new InvalidOperationException("training has failed; start anew, or resume from a checkpoint in a new trainer");
    }

    private Pass NewPass(DeviceImages images, int batch, bool training) =>
        new(_device, _stateSlab, _workspace, images, batch, () => new Tape(_device, _parameters, training), _estimator, Record);

    private Variable Record(Tape tape, Variable images, int classes) => NetworkCatalog.Find(_recipe.Dataset, _recipe.Model)
        .Record(new Layers(tape, _estimator, _recipe.RealActivations), images, classes);

    private void BeginEpoch(int epoch)
    {
        _parameters.Knobs.SetOptimiser(_rates.Rate(epoch), _recipe.Momentum, _recipe.WeightDecay);
        _parameters.Knobs.SetSlopes(_estimator.WeightParameters(epoch, _recipe.Epochs), _estimator.ActivationParameters(epoch, _recipe.Epochs));
        _parameters.Knobs.SetIndicatorExponent(_recipe.OEnd);
        _parameters.Knobs.Upload();
        _trainImages.SetOrder(Permutation.Of(_train.Count, _recipe.Seed, epoch));
        _train.Begin(_state.Cursor, epoch, _recipe.Seed, [_state.LossSum, _state.Top1Hits, _state.Top5Hits]);
    }

    // The indicators want the gradients of the last step, so they are taken here and kept: a run resumed during evaluation has no gradients.
    private void Train(int epoch, IProgress<StepReport>? progress, CancellationToken stop)
    {
        _train.Run(epoch, progress, stop);
        FiniteCheck.Run(_device, _parameters, epoch);
        FiniteCheck.Loss(_train.Result().Loss, "training", epoch);
        var (error, variance) = MeasureIndicators();
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
        var report = new EpochReport(epoch, _rates.Rate(epoch), _estimator.Exponent(epoch, _recipe.Epochs), _train.Result(), validation,
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

    private (Indicators Op, Tensor Result) NewIndicators()
    {
        IReadOnlyList<Parameter> measured = Indicators.Measured(_parameters);
        Tensor result = _stateSlab.Place(_device.NewTensor("indicators", new Shape(2 * measured.Count), ElementType.Float64));
        return (new Indicators(_parameters, measured, result), result);
    }

    private (double? Error, double? Variance) MeasureIndicators()
    {
        if (_indicators == null)
            return (null, null);
        _indicators.Forward(_device.Kernels);
        var values = new double[_indicatorResult!.Shape.Count];
        _device.Read<double>(_indicatorResult, values);
        return (values[..(values.Length / 2)].Sum(), values[(values.Length / 2)..].Sum());
    }
}
