using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Batches;

/// <summary>Batches that somebody hands over one by one, such as images to predict.</summary>
internal sealed class GivenBatches : BatchSource
{
    private readonly Device _device;
    private readonly int _batch;

    /// <param name="device">Whose memory the batch lies in.</param>
    /// <param name="slab">Where in it.</param>
    /// <param name="shape">Size of the images.</param>
    /// <param name="preprocessing">How bytes become inputs.</param>
    /// <param name="batch">Images at once.</param>
    public GivenBatches(Device device, Slab slab, ImageShape shape, Preprocessing preprocessing, int batch)
        : base(device, slab, ("images", batch, shape), preprocessing, batch, ring: false)
    {
        _device = device;
        _batch = batch;
    }

    /// <summary>uint8 [batch, height, width, channels]: what the step reads.</summary>
    public Tensor Pixels => Store.Pixels;

    /// <inheritdoc/>
    public override void Upload()
    {
        base.Upload();
        _device.Write<int>(Store.Labels, new int[_batch]);
        Begin([.. Enumerable.Range(0, _batch)], 0, 0, 0);
    }

    /// <summary>Lays some images over the first ones; the step reads them, and what is left of earlier ones after them.</summary>
    public void Give(ReadOnlySpan<byte> pixels) => _device.Upload(Store.Pixels.Address, pixels);
}
