using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>Each image over its own deviation: x, y [N, ..]. Attached, the gradient flows through the deviation too.</summary>
internal sealed class ImageDeviation : Op
{
    private readonly Variable _x, _y;
    private readonly Tensor _statistics;
    private readonly bool _attached;
    private GradMode _mode;

    private ImageDeviation(Tape tape, string name, Variable x, bool attached)
    {
        _x = x;
        _attached = attached;
        _statistics = tape.NewTensor(name + ".statistics", new Shape(2, x.Shape[0]));
        _y = tape.NewVariable(name, x.Shape);
    }

    internal override Variable? Output => _y;
    internal override IEnumerable<Tensor?> ForwardTouches => [_x.Value, _statistics, _y.Value];
    internal override IEnumerable<Tensor?> BackwardTouches => [_x.Value, _statistics, _y.Gradient, _x.Gradient];

    public static Variable Record(Tape tape, string name, Variable x, bool attached)
    {
        if (x.Shape.Count / x.Shape[0] < 2)
            throw new ArgumentException($"{name}: an image of one value has no deviation, got {x.Shape}");
        var op = new ImageDeviation(tape, name, x, attached);
        tape.Record(op);
        return op._y;
    }

    public override void Forward(IKernels kernels) => kernels.ImageDeviation(_x.Value, _statistics, _y.Value);

    public override void Backward(IKernels kernels)
    {
        if (_mode != GradMode.None)
            kernels.ImageDeviationBackward(_y.Gradient!, _x.Value, _statistics, _attached, _x.Gradient!, _mode);
    }

    internal override void Connect(Sealing seal) => _mode = seal.Contribute(_x);
}
