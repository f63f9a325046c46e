using ReSTE.Native.Batches;
using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Ops;
using ReSTE.Native.Optimisers;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Training;

/// <summary>
/// A recipe's network with its data sets, recorded and sealed for training and for evaluating: every tensor has its place, and before
/// <see cref="Commit"/> none has memory.
/// </summary>
internal sealed class SealedNetwork : IDisposable
{
    // What a checkpoint's writing takes of the program's memory, in sizes of all that is kept for the parameters; measured.
    private const int CheckpointCopies = 4;

    private readonly TrainingPlan _plan;
    private readonly Device _device;
    private readonly Slab _state, _workspace;
    private readonly BatchSource _trainBatches, _testBatches;
    private readonly BatchSource? _heldOutBatches;
    private readonly Indicators? _indicators;
    private readonly Tensor? _indicatorResult;

    /// <summary>Records and seals; takes no device memory.</summary>
    public SealedNetwork(TrainingPlan plan, Device device)
    {
        var (recipe, data) = (plan.Recipe, plan.Data);
        _plan = plan;
        _device = device;
        Parameters = new ParameterSet(device);
        _state = new Slab(device);
        _workspace = new Slab(device);
        _trainBatches = NewSource(data.Train, recipe.BatchSize, training: true);
        _testBatches = NewSource(data.Test, recipe.BatchSizeTest, training: false);
        // The numbers of a pass do not depend on its batches: a small part is one batch.
        int heldOutBatch = Math.Min(recipe.BatchSizeTest, data.Validation?.Count ?? 0);
        if (data.Validation is { } heldOut)
            _heldOutBatches = NewSource(heldOut, heldOutBatch, training: false);
        long dataBytes = _state.Bytes;
        Train = NewPass(_trainBatches, recipe.BatchSize, training: true);
        long trainingStep = _workspace.Bytes;
        try
        {
            if (recipe.Indicators)
                (_indicators, _indicatorResult) = NewIndicators();
            Test = NewPass(_testBatches, recipe.BatchSizeTest, training: false);
            Validation = _heldOutBatches is { } held ? NewPass(held, heldOutBatch, training: false) : Test;
        }
        catch
        {
            Train.Dispose();
            Test?.Dispose();
            throw;
        }
        Parameters.Place(_state);
        long parameters = _state.Bytes - dataBytes;
        // Both steps share the workspace: it grew for the second one only where that needs more.
        Needs = new(dataBytes, parameters, trainingStep, _workspace.Bytes > trainingStep ? _workspace.Bytes : 0,
            device.MemoryBeside + CheckpointCopies * parameters ?? 0);
    }

    public ParameterSet Parameters { get; }

    public Pass Train { get; }

    public Pass Test { get; }

    /// <summary>What judges an epoch: the pass over the images held out, or over the test images.</summary>
    public Pass Validation { get; }

    /// <summary>Bytes of the images of all parts on the device.</summary>
    public long DatasetBytes => _trainBatches.PixelBytes + _testBatches.PixelBytes + (_heldOutBatches?.PixelBytes ?? 0);

    /// <summary>The memory it takes.</summary>
    public MemoryNeeds Needs { get; }

    /// <summary>Records, seals and commits. Throws <see cref="DeviceMemoryException"/> where the device has too little memory.</summary>
    public static SealedNetwork Committed(TrainingPlan plan, Device device)
    {
        var network = new SealedNetwork(plan, device);
        DeviceMemory? memory = device.Memory;
        if (device.MemoryBeside != null && memory is { } known && !network.Needs.FitsIn(known.Free))
        {
            network.Dispose();
            throw new MemoryShortage(plan, device).Explain(network.Needs, memory, problem: null);
        }

        try
        {
            network.Commit();
            return network;
        }
        catch (Exception e)
        {
            network.Dispose();
            if (device.IsOutOfMemory(e))
                throw new MemoryShortage(plan, device).Explain(network.Needs, memory, e);
            throw;
        }
    }

    /// <summary>Takes the memory, fills it, and has the device make the steps ready.</summary>
    public void Commit()
    {
        _state.Commit();
        Parameters.Bind();
        _workspace.Commit();
        _trainBatches.Upload();
        _testBatches.Upload();
        _heldOutBatches?.Upload();
        Parameters.Initialise(_plan.Recipe.Seed);
        Train.Prepare();
        Test.Prepare();
        if (Validation != Test)
            Validation.Prepare();
    }

    /// <summary>The launches of a training step; no memory is taken for it.</summary>
    public IReadOnlyList<RecordedLaunch> ListWithoutMemory()
    {
        _state.Pretend();
        Parameters.Bind();
        _workspace.Pretend();
        return Train.List();
    }

    /// <summary>Sets the numbers that change between epochs.</summary>
    public void SetEpoch(int epoch, EpochRates rates)
    {
        var (recipe, knobs) = (_plan.Recipe, Parameters.Knobs);
        _plan.Optimiser.SetEpoch(knobs, rates);
        knobs.Set(Indicators.ExponentKnob, recipe.OEnd);
        SetForward(epoch, recipe.Epochs);
    }

    /// <summary>Sets the numbers that the estimator has in an epoch of a run of some number of epochs: this run or another.</summary>
    public void SetForward(int epoch, int epochs)
    {
        _plan.Estimator.SetEpoch(Parameters.Knobs, epoch, epochs);
        Parameters.Knobs.Upload();
    }

    /// <summary>The sums of the indicators over the measured layers; nulls where the recipe does not ask for them.</summary>
    public (double? Error, double? Variance) MeasureIndicators()
    {
        if (_indicators == null)
            return (null, null);
        _indicators.Forward(_device.Kernels);
        var values = new double[_indicatorResult!.Shape.Count];
        _device.Read<double>(_indicatorResult, values);
        return (values[..(values.Length / 2)].Sum(), values[(values.Length / 2)..].Sum());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Train.Dispose();
        Test.Dispose();
        if (Validation != Test)
            Validation.Dispose();
        Parameters.Unbind();
        _workspace.Dispose();
        _state.Dispose();
    }

    private BatchSource NewSource(Dataset images, int batch, bool training)
    {
        var data = _plan.Data;
        int? threads = _plan.ReadingThreads ?? (images.IsStreamed ? data.ReadingThreads : null);
        return threads is { } workers
            ? new StreamedBatches(_device, _state, images, data.Preprocessing, batch, workers, augments: training)
            : new ResidentBatches(_device, _state, images, data.Preprocessing);
    }

    private Pass NewPass(BatchSource batches, int batch, bool training) => new(_device, _state, _workspace, batches, batch,
        counters => new Tape(_device, Parameters, training) { Counters = counters }, Record, training ? Update : _ => { });

    private Variable Record(Tape tape, Variable images) =>
        _plan.Network.RecordOn(tape, _plan.Estimator, _plan.Recipe.RealActivations, images, _plan.Data.Train.Classes);

    private void Update(Tape tape)
    {
        _plan.Estimator.ModifyGradients(tape);
        _plan.Optimiser.Record(tape, ParameterShare.All);
        _plan.Estimator.AfterStep(tape);
    }

    private (Indicators Op, Tensor Result) NewIndicators()
    {
        IReadOnlyList<Parameter> measured = Indicators.Measured(Parameters);
        if (measured.Count == 0)
        {
            throw new RecipeException(RecipeFault.Conflict, nameof(Recipe.Indicators), bool.TrueString,
                $"the network {_plan.Recipe.Model} has no weight that they measure, one whose name has \"conv\" in it");
        }
        Tensor result = _state.Place(_device.NewTensor("indicators", new Shape(2 * measured.Count), ElementType.Float64));
        return (new Indicators(Parameters, measured, result), result);
    }
}
