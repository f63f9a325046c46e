using ReSTE.Native.Datasets;
using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>The next batch from a data set that lies on the device: gathered in the epoch's order, cropped, flipped, normalised.</summary>
internal sealed class ImageBatch : Op
{
    private readonly DeviceImages _images;
    private readonly int _padding;
    private readonly bool _flip;
    private readonly Variable _x;

    private ImageBatch(Tape tape, DeviceImages images, int count)
    {
        ImageShape s = images.Shape;
        _images = images;
        _padding = tape.Training ? images.Preprocessing.CropPadding : 0;
        _flip = tape.Training && images.Preprocessing.Flip;
        _x = tape.NewVariable("images", new Shape(count, s.Height, s.Width, s.Channels), needsGradient: false);
        Labels = tape.NewTensor("labels", new Shape(count), ElementType.Int32);
    }

    /// <summary>int32 [N].</summary>
    public Tensor Labels { get; }

    internal override IEnumerable<Tensor?> ForwardTouches => [_x.Value, Labels];

    /// <summary>Records it; training tapes augment, evaluating ones do not.</summary>
    public static (Variable Images, Tensor Labels) Record(Tape tape, DeviceImages images, int count)
    {
        var op = new ImageBatch(tape, images, count);
        tape.Record(op);
        return (op._x, op.Labels);
    }

    public override void Forward(IKernels kernels) => kernels.ImageBatch(_images.Pixels, _images.Labels, _images.Order, _images.Counters.Tensor,
        _images.Normalisation, _padding, _flip, _x.Value, Labels);
}
