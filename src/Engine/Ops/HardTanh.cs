using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>y = x cut to [-1, 1]; at and beyond the ends the gradient is zero.</summary>
internal sealed class HardTanh : Op
{
    private readonly Variable _x, _y;
    private GradMode _mode;

    private HardTanh(Tape tape, string name, Variable x)
    {
        _x = x;
        _y = tape.NewVariable(name, x.Shape);
    }

    internal override Variable? Output => _y;
    internal override IEnumerable<Tensor?> ForwardTouches => [_x.Value, _y.Value];
    internal override IEnumerable<Tensor?> BackwardTouches => [_x.Value, _y.Gradient, _x.Gradient];

    public static Variable Record(Tape tape, string name, Variable x)
    {
        var op = new HardTanh(tape, name, x);
        tape.Record(op);
        return op._y;
    }

    public override void Forward(IKernels kernels) => kernels.HardTanh(_x.Value, _y.Value);

    public override void Backward(IKernels kernels)
    {
        if (_mode != GradMode.None)
            kernels.HardTanhBackward(_y.Gradient!, _x.Value, _x.Gradient!, _mode);
    }

    internal override void Connect(Sealing seal) => _mode = seal.Contribute(_x);
}
