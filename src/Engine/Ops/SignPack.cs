using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// The signs of x, packed: x real [.., C], bits [.., words]. It has no backward pass of its own: the op that
/// multiplies the bits passes the gradient to x.
/// </summary>
internal sealed class SignPack : Op
{
    private readonly Variable _x;
    private readonly Tensor _bits;
    private bool _isTaken;

    private SignPack(Tape tape, string name, Variable x)
    {
        _x = x;
        _bits = tape.NewTensor(name + ".signs", Packed(x.Shape), ElementType.Bits32);
    }

    internal override IEnumerable<Tensor?> ForwardTouches => _isTaken ? [] : [_x.Value, _bits];

    /// <summary>Records it; where an op has packed the signs of x already, they are taken.</summary>
    public static Tensor Record(Tape tape, string name, Variable x)
    {
        if (x.Signs != null)
            return x.Signs;
        var op = new SignPack(tape, name, x);
        tape.Record(op);
        return op._bits;
    }

    /// <summary>Shape of the packed signs of a value.</summary>
    public static Shape Packed(Shape x)
    {
        int[] dimensions = x.ToArray();
        dimensions[^1] = Bits.Words(x.Last);
        return new Shape(dimensions);
    }

    public override void Forward(IKernels kernels)
    {
        if (!_isTaken)
            kernels.SignPack(_x.Value, _bits);
    }

    internal override void Link(RunOrder order) => _isTaken = order.MakerOf(_x) is BatchNorm norm && norm.PacksInto(_bits);
}
