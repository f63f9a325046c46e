using ReSTE.Native.Operations;
using ReSTE.Native.Randomness;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// Signs of x, drawn anew in every step and packed: x real [N,..,C], bits [N,..,words]. As with <see cref="SignPack"/>, the op that
/// multiplies the bits passes the gradient to x.
/// </summary>
internal sealed class BernoulliPack : Op
{
    private readonly Variable _x;
    private readonly Tensor _bits, _counters;
    private readonly BernoulliDraw _draw;

    private BernoulliPack(Tape tape, string name, Variable x, BernoulliDraw draw)
    {
        _x = x;
        _draw = draw;
        _counters = CountersOf(tape, name);
        _bits = tape.NewTensor(name + ".drawn", SignPack.Packed(x.Shape), ElementType.Bits32);
    }

    internal override IEnumerable<Tensor?> ForwardTouches => [_x.Value, _bits, _counters];

    /// <summary>Records it for the activations of a layer, by its number.</summary>
    public static Tensor Record(Tape tape, string name, Variable x, int layer)
    {
        var op = new BernoulliPack(tape, name, x, new BernoulliDraw(RandomStream.ActivationSigns, layer));
        tape.Record(op);
        return op._bits;
    }

    /// <summary>The counters that random numbers are functions of.</summary>
    public static Tensor CountersOf(Tape tape, string name) => tape.Counters?.Tensor
        ?? throw new ArgumentException($"{name} draws random numbers, and its tape goes through no images");

    public override void Forward(IKernels kernels) => kernels.BernoulliPack(_x.Value, _counters, _draw, _bits);
}
