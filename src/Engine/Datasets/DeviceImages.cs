using ReSTE.Native.Devices;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Datasets;

/// <summary>A whole data set in a device's memory as bytes, with the order of the current epoch and where the pass stands.</summary>
internal sealed class DeviceImages
{
    // One copy to the device for so many images.
    private const int ImagesAtOnce = 1024;

    private readonly Device _device;

    /// <summary>Lays it out in a slab; <see cref="Upload"/> fills it once the slab is committed.</summary>
    public DeviceImages(Device device, Slab slab, Dataset source, Preprocessing preprocessing)
    {
        ImageShape s = source.Shape;
        string name = source.Name;
        _device = device;
        Source = source;
        Preprocessing = preprocessing;
        if (preprocessing.Mean.Count != s.Channels || preprocessing.Deviation.Count != s.Channels)
            throw new ArgumentException($"{name}: {s.Channels} channels need as many means and deviations");
        if (!preprocessing.Deviation.All(d => d > 0 && float.IsFinite(d)) || !preprocessing.Mean.All(float.IsFinite))
            throw new ArgumentException($"{name}: means must be numbers, deviations positive ones");
        Pixels = slab.Place(device.NewTensor(name + ".pixels", new Shape(source.Count, s.Height, s.Width, s.Channels), ElementType.UInt8));
        Labels = slab.Place(device.NewTensor(name + ".labels", new Shape(source.Count), ElementType.Int32));
        Order = slab.Place(device.NewTensor(name + ".order", new Shape(source.Count), ElementType.Int32));
        Normalisation = slab.Place(device.NewTensor(name + ".normalisation", new Shape(2, s.Channels)));
        Counters = new Counters(device, slab, name + ".counters");
    }

    public Dataset Source { get; }

    public Preprocessing Preprocessing { get; }

    public ImageShape Shape => Source.Shape;

    /// <summary>uint8 [M,H,W,C].</summary>
    public Tensor Pixels { get; }

    /// <summary>int32 [M].</summary>
    public Tensor Labels { get; }

    /// <summary>int32 [M].</summary>
    public Tensor Order { get; }

    /// <summary>real [2,C]: x = byte * scale + shift.</summary>
    public Tensor Normalisation { get; }

    public Counters Counters { get; }

    /// <summary>Copies pixels and labels to the device, in order 0, 1, 2, ...</summary>
    public void Upload()
    {
        int channels = Shape.Channels;
        var scaleShift = new double[2 * channels];
        for (int c = 0; c < channels; c++)
        {
            double deviation = Preprocessing.Deviation[c];
            scaleShift[c] = 1 / (255 * deviation);
            scaleShift[channels + c] = -Preprocessing.Mean[c] / deviation;
        }

        _device.WriteReals(Normalisation, scaleShift);
        var labels = new int[Source.Count];
        var pixels = new byte[Math.Min(ImagesAtOnce, Source.Count) * Shape.Bytes];
        for (int first = 0; first < Source.Count; first += ImagesAtOnce)
        {
            int count = Math.Min(ImagesAtOnce, Source.Count - first);
            for (int i = 0; i < count; i++)
                labels[first + i] = ReadChecked(first + i, pixels.AsSpan(i * Shape.Bytes, Shape.Bytes));
            _device.Upload(Pixels.Address + (nint)((long)first * Shape.Bytes), pixels.AsSpan(0, count * Shape.Bytes));
        }

        _device.Write<int>(Labels, labels);
        SetOrder([.. Enumerable.Range(0, Source.Count)]);
    }

    /// <summary>Copies other pixels over the first images.</summary>
    public void Replace(ReadOnlySpan<byte> pixels) => _device.Upload(Pixels.Address, pixels);

    private int ReadChecked(int index, Span<byte> pixels)
    {
        int label = Source.Read(index, pixels);
        return (uint)label < (uint)Source.Classes
            ? label
            : throw new DatasetException($"{Source.Name}: image {index} has label {label}, outside 0 to {Source.Classes - 1}");
    }

    /// <summary>Sets the order in which images come.</summary>
    public void SetOrder(ReadOnlySpan<int> order) => _device.Write(Order, order);
}
