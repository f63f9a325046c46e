using ReSTE.Native.Devices;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Tapes;

/// <summary>
/// A list of operations: recorded once, sealed once, run any number of times. Recording order is a topological order, so the backward
/// pass is the same list in reverse. After the first run, for which the device makes the list ready, a run allocates nothing.
/// </summary>
internal sealed class Tape : IDisposable
{
    private readonly List<Op> _forward = [];
    private readonly List<Op> _updates = [];
    private readonly HashSet<Tensor> _own = [];
    private readonly List<Tensor> _kept = [];
    private readonly Dictionary<object, Op> _gathered = [];
    private TapeStep[] _forwardSteps = [], _backwardSteps = [], _updateSteps = [];
    private ParameterReading? _reading;
    private Replay? _replay;
    private bool _sealed;

    /// <summary>An empty tape.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="parameters">What it trains; several tapes may share them.</param>
    /// <param name="training">Whether it has a backward pass, and batch norm takes its statistics from the batch.</param>
    public Tape(Device device, ParameterSet parameters, bool training)
    {
        Device = device;
        Parameters = parameters;
        Training = training;
    }

    /// <summary>Where it runs.</summary>
    public Device Device { get; }

    /// <summary>The parameters its ops use.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>Where its pass over the images stands; null on a tape that has none.</summary>
    public Counters? Counters { get; init; }

    /// <summary>Whether it trains.</summary>
    public bool Training { get; }

    /// <summary>A tensor in the tape's workspace.</summary>
    public Tensor NewTensor(string name, Shape shape) => NewTensor(name, shape, Device.Real);

    /// <summary>A tensor in the tape's workspace.</summary>
    public Tensor NewTensor(string name, Shape shape, ElementType type) => Own(Device.NewTensor(name, shape, type));

    /// <summary>A new value of the device's real type in the tape's workspace.</summary>
    public Variable NewVariable(string name, Shape shape, bool needsGradient = true) =>
        new(NewTensor(name, shape), Training && needsGradient);

    /// <summary>Working memory of <paramref name="bytes"/> bytes for one op, or null for none.</summary>
    internal Tensor? NewScratch(string name, long bytes)
    {
        if (bytes == 0)
            return null;
        if (bytes > int.MaxValue)
            throw new NotSupportedException($"{name} wants {bytes} bytes of working memory, more than one tensor can hold");
        return Own(new Tensor(name, new Shape((int)bytes), ElementType.UInt8) { IsScratch = true });
    }

    /// <summary>Appends an op.</summary>
    public void Record(Op op)
    {
        ThrowIfSealed();
        _forward.Add(op);
    }

    /// <summary>
    /// The op in which others of a kind take part, by what they have in common; put before all other ops when the first of them asks.
    /// </summary>
    internal T Gather<T>(object common, Func<T> make) where T : Op
    {
        ThrowIfSealed();
        if (!_gathered.TryGetValue(common, out Op? op))
        {
            op = make();
            _forward.Insert(_gathered.Count, op);
            _gathered.Add(common, op);
        }
        return (T)op;
    }

    /// <summary>Whether a tensor lies in the tape's workspace: it then has its value only once an op has run.</summary>
    internal bool Owns(Tensor tensor) => _own.Contains(tensor.Root);

    /// <summary>Appends an op that runs after the backward pass.</summary>
    public void RecordUpdate(Op op)
    {
        ThrowIfSealed();
        _updates.Add(op);
    }

    /// <summary>Keeps a tensor readable until the next run: nothing else may use its memory.</summary>
    public void Keep(Tensor tensor) => _kept.Add(tensor);

    /// <summary>
    /// Fixes the ops, decides who writes and who adds, and places every tensor in the workspace. Tapes may share a
    /// workspace when they never run at once.
    /// </summary>
    public void Seal(Slab workspace)
    {
        ThrowIfSealed();
        _sealed = true;
        _forwardSteps = [.. _forward.Select(op => new TapeStep(op))];
        var sealing = new Sealing(this);
        _backwardSteps = Training ? BackwardSteps(sealing.Connect(_forward)) : [];
        _updateSteps = [.. _updates.Select(op => new TapeStep(op))];
        var order = new RunOrder(Steps, _kept, sealing.Changed);
        foreach (Op op in _forward.Concat(_updates))
            op.Link(order);
        _backwardSteps = BackwardSteps(order.Backward);

        _reading = new ParameterReading(Device, workspace, Training ? [] : _forward);
        Plan().Place(workspace);
    }

    /// <summary>Has the device make the sealed list ready, where the first <see cref="Run"/> would. The slabs must be committed.</summary>
    public void Prepare() => _replay ??= NewReplay();

    /// <summary>The sealed list made ready once more, with the addresses that its tensors have now; the caller disposes of it.</summary>
    public Replay NewReplay() => Device.Prepare(Name, RunDirectly);

    /// <summary>
    /// The launches of one run, which does not take place; on a device that has none, its operations. The slabs must have their addresses.
    /// </summary>
    public IReadOnlyList<RecordedLaunch> List() => Launches() is { Count: > 0 } launches ? launches :
    [
        .. Steps.Where(step => !step.IsBackward || step.Touches.Any()).Select(step => OpListing.Of(step, Device.Kernels)),
    ];

    private IReadOnlyList<RecordedLaunch> Launches() => Device.List(Name, (kernels, log) =>
    {
        foreach (TapeStep step in Steps)
        {
            log.Layer = step.Op.Layer;
            step.Run(kernels);
        }
    });

    /// <summary>Runs everything: forward, backward, updates.</summary>
    public void Run()
    {
        Prepare();
        _replay!.Run();
    }

    /// <summary>Its list under a clock, to run as <see cref="Run"/> does; null where the device runs all of it at once.</summary>
    public StepClock? NewClock()
    {
        Prepare();
        return _replay is DirectReplay ? new StepClock(this, _forwardSteps, _backwardSteps, _updateSteps) : null;
    }

    /// <summary>Runs forward, operation by operation.</summary>
    public void Forward() => Forward(Device.Kernels);

    /// <summary>Runs backward, operation by operation.</summary>
    public void Backward() => Backward(Device.Kernels);

    /// <summary>Runs the updates, operation by operation.</summary>
    public void Update() => Update(Device.Kernels);

    /// <summary>Gives back what the device made ready.</summary>
    public void Dispose() => _replay?.Dispose();

    // All of a run, in its order.
    private IEnumerable<TapeStep> Steps => [.. _forwardSteps, .. _backwardSteps, .. _updateSteps];

    private string Name => Training ? "training step" : "evaluation step";

    private MemoryPlan Plan()
    {
        var plan = new MemoryPlan();
        int time = 0;
        foreach (Op op in _reading!.Ops)
            Touch(plan, op.ParameterTouches, time++);
        foreach (TapeStep step in Steps)
            Touch(plan, step.Touches, time++);
        Touch(plan, _kept, 0);
        Touch(plan, _kept, time);
        Touch(plan, _reading.Left(Steps), time);
        return plan;
    }

    private void RunDirectly(IKernels kernels)
    {
        Forward(kernels);
        Backward(kernels);
        Update(kernels);
    }

    private void Forward(IKernels kernels)
    {
        BeginRun(kernels);
        RunEach(_forwardSteps, kernels);
    }

    /// <summary>What comes before the first operation of a run.</summary>
    internal void BeginRun(IKernels kernels)
    {
        if (!_sealed)
            throw new InvalidOperationException("the tape must be sealed before it runs");
        if (Training)
            Device.NoteChange();
        _reading!.Refresh(kernels);
    }

    private void Backward(IKernels kernels) => RunEach(_backwardSteps, kernels);

    private void Update(IKernels kernels)
    {
        if (Training)
            Device.NoteChange();
        RunEach(_updateSteps, kernels);
    }

    private Tensor Own(Tensor tensor)
    {
        _own.Add(tensor);
        return tensor;
    }

    private static TapeStep[] BackwardSteps(IEnumerable<Op> ops) => [.. ops.Select(op => new TapeStep(op, IsBackward: true))];

    private static void RunEach(TapeStep[] steps, IKernels kernels)
    {
        foreach (TapeStep step in steps)
            step.Run(kernels);
    }

    private void Touch(MemoryPlan plan, IEnumerable<Tensor?> tensors, int time)
    {
        foreach (Tensor? tensor in tensors)
        {
            if (tensor != null && Owns(tensor))
                plan.Touch(tensor.Root, time);
        }
    }

    private void ThrowIfSealed()
    {
        if (_sealed)
            throw new InvalidOperationException("the tape is sealed");
    }
}
