using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Estimators;
using ReSTE.Native.Ops;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Training;

/// <summary>
/// A way through a whole data set in batches of one size and a smaller last one, which is kept: two sealed tapes over the same parameters.
/// </summary>
internal sealed class Pass : IDisposable
{
    private readonly Device _device;
    private readonly DeviceImages _images;
    private readonly Tensor _metrics, _loss;
    private readonly Tape _whole;
    private readonly Tape? _tail;
    private readonly int _batch;
    private readonly StepReports _reports;
    private readonly double[] _sums = new double[3];

    /// <summary>Records and seals the tapes.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="state">Where the sums over the pass live.</param>
    /// <param name="workspace">Where everything else lives; shared with other passes.</param>
    /// <param name="images">What it goes through.</param>
    /// <param name="batch">Images a step.</param>
    /// <param name="newTape">Makes an empty tape of this pass's kind.</param>
    /// <param name="estimator">What it does to gradients before, and to weights after, each update.</param>
    /// <param name="record">Records the network: tape, images, classes; returns logits.</param>
    public Pass(Device device, Slab state, Slab workspace, DeviceImages images, int batch, Func<Tape> newTape, Estimator estimator,
        Func<Tape, Variable, int, Variable> record)
    {
        _device = device;
        _images = images;
        _batch = batch;
        _metrics = state.Place(device.NewTensor(images.Source.Name + ".metrics", new Shape(3), ElementType.Float64));
        _loss = state.Place(device.NewTensor(images.Source.Name + ".loss", new Shape(1), ElementType.Float64));
        _whole = Record(newTape(), workspace, batch, estimator, record);
        int rest = images.Source.Count % batch;
        _tail = rest == 0 ? null : Record(newTape(), workspace, rest, estimator, record);
        _reports = new StepReports(device, _metrics);
    }

    /// <summary>Training or evaluating.</summary>
    public Phase Phase => _whole.Training ? Phase.Training : Phase.Evaluating;

    /// <summary>Images done, or at least asked for.</summary>
    public int Cursor { get; private set; }

    /// <summary>Images in all.</summary>
    public int Count => _images.Source.Count;

    /// <summary>Steps in all.</summary>
    public int Steps => StepsFor(Count);

    /// <summary>Steps done.</summary>
    public int StepsDone => StepsFor(Cursor);

    /// <summary>Steps that so many images from the first on take.</summary>
    public int StepsFor(int images) => (images + _batch - 1) / _batch;

    /// <summary>Launches recorded for a whole batch.</summary>
    public long Launches { get; private set; }

    /// <summary>Starts at an image with the sums of those before it.</summary>
    public void Begin(int cursor, int epoch, ulong seed, ReadOnlySpan<double> sums)
    {
        Cursor = cursor;
        _images.Counters.Set(cursor, epoch, seed);
        _device.Write(_metrics, sums);
        _reports.Begin(sums);
    }

    /// <summary>Runs to the end. A stop takes effect behind a whole step, as <see cref="OperationCanceledException"/>.</summary>
    public void Run(int epoch, IProgress<StepReport>? progress, CancellationToken stop)
    {
        while (Cursor < Count && !stop.IsCancellationRequested)
        {
            int images = Step();
            if (progress != null)
                _reports.Add(images, Cursor, this, epoch, progress);
        }

        if (progress != null)
            _reports.Finish(this, epoch, progress);
        if (Cursor < Count)
            stop.ThrowIfCancellationRequested();
    }

    /// <summary>Runs one step; returns how many images it took.</summary>
    public int Step()
    {
        int images = Math.Min(_batch, Count - Cursor);
        (images == _batch ? _whole : _tail!).Run();
        Cursor += images;
        return images;
    }

    /// <summary>Sum of losses, top-1 hits, top-5 hits so far.</summary>
    public ReadOnlySpan<double> Sums()
    {
        _device.Read<double>(_metrics, _sums);
        return _sums;
    }

    /// <summary>Means over the images done.</summary>
    public PassResult Result() => PassResult.Of(Sums()[0], _sums[1], _sums[2], Cursor);

    /// <summary>Has the device make the steps ready; the slabs are committed.</summary>
    public void Prepare()
    {
        long before = _device.Launches;
        _whole.Prepare();
        Launches = _device.Launches - before;
        _tail?.Prepare();
    }

    public void Dispose()
    {
        _reports.Dispose();
        _whole.Dispose();
        _tail?.Dispose();
    }

    private Tape Record(Tape tape, Slab workspace, int batch, Estimator estimator, Func<Tape, Variable, int, Variable> record)
    {
        var (x, labels) = ImageBatch.Record(tape, _images, batch);
        Variable logits = record(tape, x, _images.Source.Classes);
        SoftmaxCrossEntropy.Record(tape, logits, labels, _loss, _metrics);
        if (tape.Training)
        {
            estimator.ModifyGradients(tape, tape.Parameters);
            tape.RecordUpdate(new SgdStep(tape.Parameters));
            estimator.AfterStep(tape, tape.Parameters);
        }

        tape.RecordUpdate(new Advance(_images.Counters.Tensor, batch));
        tape.Seal(workspace);
        return tape;
    }
}
