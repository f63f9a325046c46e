using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;

namespace ReSTE.Native.Batches;

/// <summary>A whole data set in a device's memory as bytes, read once when it is uploaded.</summary>
internal sealed class ResidentBatches : BatchSource
{
    // Bytes of images that go to the device in one copy, about.
    private const int BytesAtOnce = 4 << 20;
    private readonly Device _device;
    private readonly Dataset _source;

    /// <param name="device">Whose memory they lie in.</param>
    /// <param name="slab">Where in it.</param>
    /// <param name="source">The images.</param>
    /// <param name="preprocessing">How bytes become inputs.</param>
    public ResidentBatches(Device device, Slab slab, Dataset source, Preprocessing preprocessing)
        : base(device, slab, Of(source), preprocessing, source.Count, ring: false) => (_device, _source) = (device, source);

    /// <summary>Copies pixels and labels to the device, in the order of their numbers.</summary>
    public override void Upload()
    {
        base.Upload();
        int bytes = Shape.Bytes;
        var labels = new int[Count];
        int atOnce = Math.Clamp(BytesAtOnce / bytes, 1, Count);
        var pixels = new byte[atOnce * bytes];
        for (int first = 0; first < Count; first += atOnce)
        {
            int count = Math.Min(atOnce, Count - first);
            for (int i = 0; i < count; i++)
                labels[first + i] = ReadChecked(_source, first + i, pixels.AsSpan(i * bytes, bytes));
            _device.Upload(Store.Pixels.Address + (nint)((long)first * bytes), pixels.AsSpan(0, count * bytes));
        }
        _device.Write<int>(Store.Labels, labels);
    }
}
