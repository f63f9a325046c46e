using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>y = a + b.</summary>
internal sealed class Add : Op
{
    private readonly Variable _a, _b, _y;
    private GradMode _aMode, _bMode;

    private Add(Tape tape, string name, Variable a, Variable b)
    {
        _a = a;
        _b = b;
        _y = tape.NewVariable(name, a.Shape);
    }

    internal override Variable? Output => _y;

    internal override IEnumerable<Tensor?> ForwardTouches => [_a.Value, _b.Value, _y.Value];

    internal override IEnumerable<Tensor?> BackwardTouches => [_y.Gradient, _a.Gradient, _b.Gradient];

    public static Variable Record(Tape tape, string name, Variable a, Variable b)
    {
        if (a.Shape != b.Shape)
            throw new ArgumentException($"{name}: shapes {a.Shape} and {b.Shape} must agree");
        var op = new Add(tape, name, a, b);
        tape.Record(op);
        return op._y;
    }

    public override void Forward(IKernels kernels) => kernels.Add(_a.Value, _b.Value, _y.Value);

    // The shared gradient may be added to by others only after this has read it, so the copy comes from here.
    public override void Backward(IKernels kernels)
    {
        if (_aMode != GradMode.None)
            kernels.Accumulate(_y.Gradient!, _a.Gradient!, _aMode);
        if (_bMode != GradMode.None)
            kernels.Accumulate(_y.Gradient!, _b.Gradient!, _bMode);
    }

    internal override void Connect(Sealing seal)
    {
        _aMode = seal.Contribute(_a);
        _bMode = seal.Share(_b, _y);
    }
}
