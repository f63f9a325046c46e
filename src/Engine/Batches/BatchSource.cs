using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Ops;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Batches;

/// <summary>
/// Where a pass's batches come from. Whatever the source, a step is one fixed list of operations, and an image looks the same: crop
/// and flip depend on seed, epoch and the image's number alone.
/// </summary>
internal abstract class BatchSource : IDisposable
{
    private readonly Device _device;
    private readonly Preprocessing _preprocessing;

    /// <summary>Lays out in a slab what all sources have.</summary>
    /// <param name="device">Whose memory it lies in.</param>
    /// <param name="slab">Where in it.</param>
    /// <param name="images">What people call the images, how many a pass goes through, and their size.</param>
    /// <param name="preprocessing">How bytes become inputs.</param>
    /// <param name="places">Images that the device's memory holds at once.</param>
    /// <param name="ring">Whether they come and go, see <see cref="ImageStore"/>.</param>
    protected BatchSource(Device device, Slab slab, (string Name, int Count, ImageShape Shape) images, Preprocessing preprocessing,
        int places, bool ring)
    {
        (Name, Count, ImageShape s) = images;
        CheckPreprocessing(Name, s.Channels, preprocessing);
        _device = device;
        _preprocessing = preprocessing;
        Shape = s;
        Tensor Place(string what, Shape shape, ElementType type) => slab.Place(device.NewTensor($"{Name}.{what}", shape, type));
        Store = new ImageStore(
            Place("pixels", new Shape(places, s.Height, s.Width, s.Channels), ElementType.UInt8),
            Place("labels", new Shape(places), ElementType.Int32),
            Place("order", new Shape(Count), ElementType.Int32),
            new Counters(device, slab, Name + ".counters"),
            Place("normalisation", new Shape(2, s.Channels), device.Real),
            ring);
    }

    /// <summary>What people call the images.</summary>
    public string Name { get; }

    /// <summary>Images in a pass.</summary>
    public int Count { get; }

    /// <summary>Size of every image.</summary>
    public ImageShape Shape { get; }

    /// <summary>Where the pass stands, on the device.</summary>
    public Counters Counters => Store.Counters;

    /// <summary>Bytes of images on the device.</summary>
    public long PixelBytes => Store.Pixels.Bytes;

    /// <summary>Seconds for which the last <see cref="Next"/> waited for images to be read.</summary>
    public double Waited { get; protected set; }

    /// <summary>The images on the device.</summary>
    protected ImageStore Store { get; }

    /// <summary>Records the op that brings a batch of <paramref name="count"/> images.</summary>
    public (Variable Images, Tensor Labels) Record(Tape tape, int count) => ImageBatch.Record(tape, Store, _preprocessing, count);

    /// <summary>Fills what does not change, once the slab is committed.</summary>
    public virtual void Upload()
    {
        int channels = Shape.Channels;
        var scaleShift = new double[2 * channels];
        for (int c = 0; c < channels; c++)
        {
            double deviation = _preprocessing.Deviation[c];
            scaleShift[c] = 1 / (255 * deviation);
            scaleShift[channels + c] = -_preprocessing.Mean[c] / deviation;
        }
        _device.WriteReals(Store.Normalisation, scaleShift);
    }

    /// <summary>Starts a pass at an image.</summary>
    /// <param name="order">The numbers of the images in the order they come; it is kept and not changed.</param>
    /// <param name="cursor">Place in the order of the first image to come.</param>
    /// <param name="epoch">Decides crops and flips, with the seed.</param>
    /// <param name="seed">As the run's.</param>
    public virtual void Begin(int[] order, int cursor, int epoch, ulong seed)
    {
        Counters.Set(cursor, epoch, seed);
        _device.Write<int>(Store.Order, order);
    }

    /// <summary>Has the next batch in place for the step that is asked for next.</summary>
    public virtual void Next()
    {
    }

    /// <summary>Notes that the step has been asked for.</summary>
    public virtual void Taken()
    {
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>Reads an image; throws <see cref="DatasetException"/> where its label is none of the classes.</summary>
    protected static int ReadChecked(Dataset source, int index, Span<byte> pixels)
    {
        int label = source.Read(index, pixels);
        CheckLabel(source, index, label);
        return label;
    }

    /// <summary>Throws <see cref="DatasetException"/> where the label of an image is none of the classes.</summary>
    protected static void CheckLabel(Dataset source, int index, int label)
    {
        if ((uint)label >= (uint)source.Classes)
        {
            throw new DatasetException(DatasetFault.WrongLabel,
                $"{source.Name}: image {index} has label {label}, outside 0 to {source.Classes - 1}")
            {
                Image = index,
            };
        }
    }

    /// <summary>What the base class needs to know of a data set.</summary>
    protected static (string Name, int Count, ImageShape Shape) Of(Dataset source) => (source.Name, source.Count, source.Shape);

    private static void CheckPreprocessing(string name, int channels, Preprocessing preprocessing)
    {
        if (preprocessing.Mean.Count != channels || preprocessing.Deviation.Count != channels)
            throw new ArgumentException($"{name}: {channels} channels need as many means and deviations");
        if (!preprocessing.Deviation.All(d => d > 0 && float.IsFinite(d)) || !preprocessing.Mean.All(float.IsFinite))
            throw new ArgumentException($"{name}: means must be numbers, deviations positive ones");
    }
}
