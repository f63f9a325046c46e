using ReSTE.Native.Batches;
using ReSTE.Native.Devices;
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
    private readonly BatchSource _batches;
    private readonly Tensor _metrics, _loss;
    private readonly Tape _whole;
    private readonly Tape? _tail;
    private readonly int _batch;
    private readonly StepReports _reports;
    private readonly double[] _sums = new double[3];
    private int[]? _inOrder;

    /// <summary>Records and seals the tapes.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="state">Where the sums over the pass live.</param>
    /// <param name="workspace">Where everything else lives; shared with other passes.</param>
    /// <param name="batches">What it goes through.</param>
    /// <param name="batch">Images a step.</param>
    /// <param name="newTape">Makes an empty tape of this pass's kind, whose counters are given.</param>
    /// <param name="record">Records the network: tape, images; returns logits.</param>
    /// <param name="update">Records what follows the backward pass.</param>
    public Pass(Device device, Slab state, Slab workspace, BatchSource batches, int batch, Func<Counters, Tape> newTape,
        Func<Tape, Variable, Variable> record, Action<Tape> update)
    {
        _device = device;
        _batches = batches;
        _batch = batch;
        _metrics = state.Place(device.NewTensor(batches.Name + ".metrics", new Shape(3), ElementType.Float64));
        _loss = state.Place(device.NewTensor(batches.Name + ".loss", new Shape(1), ElementType.Float64));
        Tape Recorded(int images) => Record(newTape(batches.Counters), workspace, images, record, update);
        _whole = Recorded(batch);
        int rest = batches.Count % batch;
        _tail = rest == 0 ? null : Recorded(rest);
        _reports = new StepReports(device, _metrics);
    }

    /// <summary>Training or evaluating.</summary>
    public Phase Phase => _whole.Training ? Phase.Training : Phase.Evaluating;

    /// <summary>Images done, or at least asked for.</summary>
    public int Cursor { get; private set; }

    /// <summary>Images in all.</summary>
    public int Count => _batches.Count;

    /// <summary>Steps in all.</summary>
    public int Steps => StepsFor(Count);

    /// <summary>Steps done.</summary>
    public int StepsDone => StepsFor(Cursor);

    /// <summary>Steps that a number of images take, counted from the first.</summary>
    public int StepsFor(int images) => (images + _batch - 1) / _batch;

    /// <summary>Launches recorded for a whole batch.</summary>
    public long Launches { get; private set; }

    /// <summary>Starts at an image with the sums of those before it; the images come in an order.</summary>
    public void Begin(int[] order, int cursor, int epoch, ulong seed, ReadOnlySpan<double> sums)
    {
        Cursor = cursor;
        _batches.Begin(order, cursor, epoch, seed);
        _device.Write(_metrics, sums);
        _reports.Begin(sums);
    }

    /// <summary>Starts from the first image, in the order of their numbers.</summary>
    public void BeginInOrder() => Begin(_inOrder ??= [.. Enumerable.Range(0, Count)], 0, 0, 0, [0, 0, 0]);

    /// <summary>
    /// Runs to the end, with a clock where one is given. A stop takes effect after a whole step, as
    /// <see cref="OperationCanceledException"/>.
    /// </summary>
    public void Run(int epoch, IProgress<StepReport>? progress, CancellationToken stop, StepClock? clock = null)
    {
        while (Cursor < Count && !stop.IsCancellationRequested)
        {
            int images = Step(clock);
            if (progress != null)
                _reports.Add(images, Cursor, _batches.Waited, this, epoch, progress);
        }

        if (progress != null)
            _reports.Finish(this, epoch, progress);
        if (Cursor < Count)
            stop.ThrowIfCancellationRequested();
    }

    /// <summary>A clock for steps of whole batches; null where the device runs a step all at once.</summary>
    public StepClock? NewClock() => _whole.NewClock();

    /// <summary>Runs one step, with a clock where one is given and the batch is whole; returns how many images it took.</summary>
    public int Step(StepClock? clock = null)
    {
        int images = Math.Min(_batch, Count - Cursor);
        _batches.Next();
        if (images < _batch)
            _tail!.Run();
        else if (clock == null)
            _whole.Run();
        else
            clock.Run(_whole);
        _batches.Taken();
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

    /// <summary>The launches of a step of a whole batch.</summary>
    public IReadOnlyList<RecordedLaunch> List() => _whole.List();

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
        _batches.Dispose();
        _reports.Dispose();
        _whole.Dispose();
        _tail?.Dispose();
    }

    private Tape Record(Tape tape, Slab workspace, int batch, Func<Tape, Variable, Variable> record, Action<Tape> update)
    {
        var (x, labels) = _batches.Record(tape, batch);
        SoftmaxCrossEntropy.Record(tape, record(tape, x), labels, _loss, _metrics);
        update(tape);
        tape.RecordUpdate(new Advance(_batches.Counters.Tensor, batch));
        tape.Seal(workspace);
        return tape;
    }
}
