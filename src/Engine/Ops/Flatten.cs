using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// x [N,H,W,C] seen as [N,H*W*C]. PyTorch flattens [N,C,H,W], so what multiplies the result has its columns in another order in files:
/// see <see cref="PublishedLayout.Flattened"/>.
/// </summary>
internal static class Flatten
{
    public static Variable Record(Tape tape, string name, Variable x) => x.Shape.Rank == 4
        ? Reshape.Record(tape, x, new Shape(x.Shape[0], checked((int)(x.Shape.Count / x.Shape[0]))))
        : throw new ArgumentException($"{name}: expected [N,H,W,C], got {x.Shape}");
}
