using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>y = max(x, 0); at exactly zero the gradient is zero.</summary>
internal sealed class Relu : Op
{
    private readonly Variable _x, _y;
    private GradMode _mode;

    private Relu(Tape tape, string name, Variable x)
    {
        _x = x;
        _y = tape.NewVariable(name, x.Shape);
    }

    internal override Variable? Output => _y;

    internal override IEnumerable<Tensor?> ForwardTouches => [_x.Value, _y.Value];

    internal override IEnumerable<Tensor?> BackwardTouches => [_y.Value, _y.Gradient, _x.Gradient];

    public static Variable Record(Tape tape, string name, Variable x)
    {
        var op = new Relu(tape, name, x);
        tape.Record(op);
        return op._y;
    }

    public override void Forward(IKernels kernels) => kernels.Relu(_x.Value, _y.Value);

    public override void Backward(IKernels kernels)
    {
        if (_mode != GradMode.None)
            kernels.ReluBackward(_y.Gradient!, _y.Value, _x.Gradient!, _mode);
    }

    internal override void Connect(Sealing seal) => _mode = seal.Contribute(_x);
}
