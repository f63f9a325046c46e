using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>y = scale * x, one number a channel: x, y [.., C], scale [C].</summary>
internal sealed class ChannelScale : Op
{
    private readonly Variable _x, _scale, _y;
    private readonly Tensor? _scratch;
    private GradMode _xMode, _scaleMode;

    private ChannelScale(Tape tape, string name, Variable x, Variable scale)
    {
        _x = x;
        _scale = scale;
        _y = tape.NewVariable(name, x.Shape);
        if (tape.Training)
            _scratch = tape.NewScratch(name + ".scratch", tape.Device.Kernels.ScratchBytes(ScratchUse.ChannelScaleBackward, x.Shape));
    }

    internal override Variable? Output => _y;
    internal override IEnumerable<Tensor?> ForwardTouches => [_x.Value, _scale.Value, _y.Value];
    internal override IEnumerable<Tensor?> BackwardTouches => [_y.Gradient, _x.Value, _scale.Value, _x.Gradient, _scale.Gradient, _scratch];

    public static Variable Record(Tape tape, string name, Variable x, Variable scale)
    {
        if (scale.Shape.Count != x.Shape.Last)
            throw new ArgumentException($"{name}: expected x [.., C] and a scale [C], got {x.Shape} and {scale.Shape}");
        var op = new ChannelScale(tape, name, x, scale);
        tape.Record(op);
        return op._y;
    }

    public override void Forward(IKernels kernels) => kernels.ChannelScale(_x.Value, _scale.Value, _y.Value);

    public override void Backward(IKernels kernels) => kernels.ChannelScaleBackward(_y.Gradient!, _x.Value, _scale.Value,
        _xMode == GradMode.None ? null : _x.Gradient, _xMode, _scaleMode == GradMode.None ? null : _scale.Gradient, _scratch);

    internal override void Connect(Sealing seal)
    {
        _xMode = seal.Contribute(_x);
        _scaleMode = seal.WriteOnly(_scale);
    }
}
