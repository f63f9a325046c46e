using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Estimators;
using ReSTE.Native.Ops;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Training;

/// <summary>
/// A recipe's network with its data sets, recorded and sealed for training and for evaluating: every tensor has its place, and before
/// <see cref="Commit"/> none has memory.
/// </summary>
internal sealed class SealedNetwork : IDisposable
{
    private readonly TrainingPlan _plan;
    private readonly Device _device;
    private readonly Slab _state, _workspace;
    private readonly DeviceImages _testImages;
    private readonly Indicators? _indicators;
    private readonly Tensor? _indicatorResult;

    /// <summary>Records and seals; takes no device memory.</summary>
    public SealedNetwork(TrainingPlan plan, Device device)
    {
        var (recipe, data, _, _) = plan;
        _plan = plan;
        _device = device;
        Parameters = new ParameterSet(device);
        _state = new Slab(device);
        _workspace = new Slab(device);
        TrainImages = new DeviceImages(device, _state, data.Train, data.Preprocessing);
        _testImages = new DeviceImages(device, _state, data.Test, data.Preprocessing);
        long dataBytes = _state.Bytes;
        Train = NewPass(TrainImages, recipe.BatchSize, training: true);
        long trainingStep = _workspace.Bytes;
        Test = NewPass(_testImages, recipe.BatchSizeTest, training: false);
        if (recipe.Indicators)
            (_indicators, _indicatorResult) = NewIndicators();
        Parameters.Place(_state);
        // Both steps share the workspace: it grew for the second one only where that needs more.
        Needs = new(dataBytes, _state.Bytes - dataBytes, trainingStep, _workspace.Bytes > trainingStep ? _workspace.Bytes : 0);
    }

    private Estimator Estimator => _plan.Estimator;

    public ParameterSet Parameters { get; }

    public DeviceImages TrainImages { get; }

    public Pass Train { get; }

    public Pass Test { get; }

    /// <summary>Bytes of the images of both data sets on the device.</summary>
    public long DatasetBytes => TrainImages.Pixels.Bytes + _testImages.Pixels.Bytes;

    /// <summary>The memory it takes.</summary>
    public MemoryNeeds Needs { get; }

    /// <summary>Records, seals and commits. Throws <see cref="DeviceMemoryException"/> where the device has too little memory.</summary>
    public static SealedNetwork Committed(TrainingPlan plan, Device device)
    {
        var network = new SealedNetwork(plan, device);
        (long Free, long Total)? memory = device.Memory;
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
        TrainImages.Upload();
        _testImages.Upload();
        Parameters.Initialise(_plan.Recipe.Seed);
        Train.Prepare();
        Test.Prepare();
    }

    /// <summary>Sets the numbers that change between epochs.</summary>
    public void SetEpoch(int epoch, double rate)
    {
        var (recipe, knobs) = (_plan.Recipe, Parameters.Knobs);
        knobs.SetOptimiser(rate, recipe.Momentum, recipe.WeightDecay);
        knobs.SetSlopes(Estimator.WeightParameters(epoch, recipe.Epochs), Estimator.ActivationParameters(epoch, recipe.Epochs));
        knobs.SetIndicatorExponent(recipe.OEnd);
        knobs.Upload();
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
        Parameters.Unbind();
        _workspace.Dispose();
        _state.Dispose();
    }

    private Pass NewPass(DeviceImages images, int batch, bool training) =>
        new(_device, _state, _workspace, images, batch, () => new Tape(_device, Parameters, training), Estimator, Record);

    private Variable Record(Tape tape, Variable images, int classes) =>
        _plan.Network.RecordOn(tape, Estimator, _plan.Recipe.RealActivations, images, classes);

    private (Indicators Op, Tensor Result) NewIndicators()
    {
        IReadOnlyList<Parameter> measured = Indicators.Measured(Parameters);
        Tensor result = _state.Place(_device.NewTensor("indicators", new Shape(2 * measured.Count), ElementType.Float64));
        return (new Indicators(Parameters, measured, result), result);
    }
}
