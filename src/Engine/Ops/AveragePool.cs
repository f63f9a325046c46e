using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>Mean over each image's rows and columns: x [N,H,W,C], y [N,C].</summary>
internal sealed class AveragePool : Op
{
    private readonly Variable _x, _y;
    private GradMode _mode;

    private AveragePool(Tape tape, string name, Variable x)
    {
        _x = x;
        _y = tape.NewVariable(name, new Shape(x.Shape[0], x.Shape[3]));
    }

    internal override Variable? Output => _y;

    internal override IEnumerable<Tensor?> ForwardTouches => [_x.Value, _y.Value];

    internal override IEnumerable<Tensor?> BackwardTouches => [_y.Gradient, _x.Gradient];

    public static Variable Record(Tape tape, string name, Variable x)
    {
        if (x.Shape.Rank != 4)
            throw new ArgumentException($"{name}: expected [N,H,W,C], got {x.Shape}");
        var op = new AveragePool(tape, name, x);
        tape.Record(op);
        return op._y;
    }

    public override void Forward(IKernels kernels) => kernels.AveragePool(_x.Value, _y.Value);

    public override void Backward(IKernels kernels)
    {
        if (_mode != GradMode.None)
            kernels.AveragePoolBackward(_y.Gradient!, _x.Gradient!, _mode);
    }

    internal override void Connect(Sealing seal) => _mode = seal.Contribute(_x);
}
