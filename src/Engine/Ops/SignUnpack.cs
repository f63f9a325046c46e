using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// Packed signs as real ±1, for a binary operand beside one that stays real. The gradient passes to what was packed through the slope.
/// </summary>
internal sealed class SignUnpack : UnaryOp
{
    private readonly SignInput _input;

    private SignUnpack(Tape tape, string name, SignInput input)
        : base(tape, name, input.X, input.X.Shape) => _input = input;

    internal override IEnumerable<Tensor?> ForwardTouches => [_input.Bits, Y.Value];
    internal override IEnumerable<Tensor?> BackwardTouches => [X.Value, X.Gradient, Y.Gradient];

    public static Variable Record(Tape tape, string name, SignInput input) => new SignUnpack(tape, name, input).RecordOn(tape);

    public override void Forward(IKernels kernels) => kernels.SignUnpack(_input.Bits, Y.Value);

    protected override void Backward(IKernels kernels, Tensor dy, Tensor dx, GradMode mode) =>
        kernels.SignUnpackBackward(dy, X.Value, _input.Slope, _input.SlopeParameters, dx, mode);
}
