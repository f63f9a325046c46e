using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// Packed signs as real ±1, for a binary operand beside one that stays real. The gradient passes to what was packed through the slope.
/// </summary>
internal sealed class SignUnpack : Op
{
    private readonly SignInput _input;
    private readonly Variable _y;
    private GradMode _mode;

    private SignUnpack(Tape tape, string name, SignInput input)
    {
        _input = input;
        _y = tape.NewVariable(name, input.X.Shape);
    }

    internal override Variable? Output => _y;
    internal override IEnumerable<Tensor?> ForwardTouches => [_input.Bits, _y.Value];
    internal override IEnumerable<Tensor?> BackwardTouches => [_input.X.Value, _input.X.Gradient, _y.Gradient];

    public static Variable Record(Tape tape, string name, SignInput input)
    {
        var op = new SignUnpack(tape, name, input);
        tape.Record(op);
        return op._y;
    }

    public override void Forward(IKernels kernels) => kernels.SignUnpack(_input.Bits, _y.Value);

    public override void Backward(IKernels kernels)
    {
        if (_mode != GradMode.None)
            kernels.SignUnpackBackward(_y.Gradient!, _input.X.Value, _input.Slope, _input.SlopeParameters, _input.X.Gradient!, _mode);
    }

    internal override void Connect(Sealing seal) => _mode = seal.Contribute(_input.X);
}
