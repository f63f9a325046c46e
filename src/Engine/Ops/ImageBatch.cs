using ReSTE.Native.Datasets;
using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>Images as they lie in a device's memory, with all that a step needs to find and read its own.</summary>
/// <param name="Pixels">uint8 [R,H,W,C].</param>
/// <param name="Labels">int32 [R], at the places of the images.</param>
/// <param name="Order">int32 [M]: the numbers of the images in the order of the epoch.</param>
/// <param name="Counters">Where the pass stands.</param>
/// <param name="Normalisation">real [2,C]: x = byte * scale + shift.</param>
/// <param name="Ring">
/// Whether only those of the next few steps are there, at their place in the order modulo R; else an image's place is its number.
/// </param>
internal sealed record ImageStore(Tensor Pixels, Tensor Labels, Tensor Order, Counters Counters, Tensor Normalisation, bool Ring);

/// <summary>The next batch out of a store of bytes: gathered in the epoch's order, cropped, flipped, normalised.</summary>
internal sealed class ImageBatch : Op
{
    private readonly ImageStore _store;
    private readonly int _padding;
    private readonly bool _flip;
    private readonly Variable _x;

    private ImageBatch(Tape tape, ImageStore store, Preprocessing preprocessing, int count)
    {
        Shape s = store.Pixels.Shape;
        _store = store;
        _padding = tape.Training ? preprocessing.CropPadding : 0;
        _flip = tape.Training && preprocessing.Flip;
        _x = tape.NewVariable("images", new Shape(count, s[1], s[2], s[3]), needsGradient: false);
        Labels = tape.NewTensor("labels", new Shape(count), ElementType.Int32);
    }

    /// <summary>int32 [N].</summary>
    public Tensor Labels { get; }

    internal override IEnumerable<Tensor?> ForwardTouches => [_x.Value, Labels, _store.Counters.Tensor];

    /// <summary>Records it; training tapes augment, evaluating ones do not.</summary>
    public static (Variable Images, Tensor Labels) Record(Tape tape, ImageStore store, Preprocessing preprocessing, int count)
    {
        var op = new ImageBatch(tape, store, preprocessing, count);
        tape.Record(op);
        return (op._x, op.Labels);
    }

    public override void Forward(IKernels kernels) => kernels.ImageBatch(_store.Pixels, _store.Labels, _store.Order, _store.Counters.Tensor,
        _store.Normalisation, _store.Ring, _padding, _flip, _x.Value, Labels);
}
