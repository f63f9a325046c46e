using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// The largest value of each window: x [N,H,W,C], y [N,OH,OW,C]. Of equal ones the first takes the gradient. Where an evaluation reads
/// nothing but the signs of y, they come from those of x.
/// </summary>
internal sealed class MaxPool : UnaryOp
{
    private readonly Tensor _taps;
    private readonly PoolWindow _window;
    private readonly IBinaryUnitEvaluation? _evaluation;
    private bool _takesSigns, _packs;

    private MaxPool(Tape tape, string name, Variable x, in PoolWindow window, Shape y)
        : base(tape, name, x, y)
    {
        _window = window;
        _taps = tape.NewTensor(name + ".taps", y, ElementType.UInt8);
        if (x.Signs == null || !BinaryUnitEvaluation.IsOffered(tape))
            return;
        _evaluation = (IBinaryUnitEvaluation)tape.Device.Kernels;
        Y.Signs = tape.NewTensor(name + ".signs", SignPack.Packed(y), ElementType.Bits32);
    }

    internal override IEnumerable<Tensor?> ForwardTouches =>
        _takesSigns ? [X.Signs, Y.Signs] : [X.Value, _taps, Y.Value, Y.Signs, _evaluation == null ? null : X.Signs];

    internal override IEnumerable<Tensor?> BackwardTouches => [_taps, Y.Gradient, X.Gradient];

    public static Variable Record(Tape tape, string name, Variable x, in PoolWindow window) =>
        new MaxPool(tape, name, x, window, window.Output(name, x.Shape)).RecordOn(tape);

    /// <summary>Whether it takes the signs of x and not x: nobody reads y, but its signs.</summary>
    public bool TakesSigns(RunOrder order) => _evaluation != null && order.IsBetween(Y.Value, this, this);

    internal override void Link(RunOrder order)
    {
        _takesSigns = TakesSigns(order);
        _packs = _evaluation != null && !order.IsBetween(Y.Signs!, this, this);
    }

    public override void Forward(IKernels kernels)
    {
        if (_takesSigns)
        {
            _evaluation!.MaxPoolSigns(X.Signs!, _window, Y.Signs!);
            return;
        }

        kernels.MaxPool(X.Value, _window, _taps, Y.Value);
        if (_packs)
            kernels.SignPack(Y.Value, Y.Signs!);
    }

    protected override void Backward(IKernels kernels, Tensor dy, Tensor dx, GradMode mode) =>
        kernels.MaxPoolBackward(dy, _taps, _window, dx, mode);
}
