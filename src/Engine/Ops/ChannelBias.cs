using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>y = x + bias, one number a channel: x, y [.., C], bias [C].</summary>
internal sealed class ChannelBias : Op
{
    private readonly Variable _x, _bias, _y;
    private GradMode _xMode, _biasMode;

    private ChannelBias(Tape tape, string name, Variable x, Variable bias)
    {
        _x = x;
        _bias = bias;
        _y = tape.NewVariable(name, x.Shape);
    }

    internal override Variable? Output => _y;
    internal override IEnumerable<Tensor?> ForwardTouches => [_x.Value, _bias.Value, _y.Value];
    internal override IEnumerable<Tensor?> BackwardTouches => [_y.Gradient, _x.Gradient, _bias.Gradient];

    public static Variable Record(Tape tape, string name, Variable x, Variable bias)
    {
        if (bias.Shape.Count != x.Shape.Last)
            throw new ArgumentException($"{name}: expected x [.., C] and a bias [C], got {x.Shape} and {bias.Shape}");
        var op = new ChannelBias(tape, name, x, bias);
        tape.Record(op);
        return op._y;
    }

    public override void Forward(IKernels kernels) => kernels.ChannelBias(_x.Value, _bias.Value, _y.Value);

    public override void Backward(IKernels kernels)
    {
        if (_biasMode != GradMode.None)
            kernels.ChannelBiasGrad(_y.Gradient!, _bias.Gradient!);
        if (_xMode != GradMode.None)
            kernels.Accumulate(_y.Gradient!, _x.Gradient!, _xMode);
    }

    internal override void Connect(Sealing seal)
    {
        _xMode = seal.Share(_x, _y);
        _biasMode = seal.WriteOnly(_bias);
    }
}
