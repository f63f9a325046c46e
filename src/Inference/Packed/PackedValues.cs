namespace ReSTE.Native.Packed;

/// <summary>Size of a value of one image.</summary>
internal readonly record struct ValueShape(int Height, int Width, int Channels)
{
    public int Count => Height * Width * Channels;

    public override string ToString() => $"[{Height},{Width},{Channels}]";
}

/// <summary>
/// The values of a network: their sizes, in what form each is given and read. Made of the layers, which are checked on the way: whatever
/// arrays they have fit these sizes.
/// </summary>
internal sealed class PackedValues
{
    // More than any network of images has, and little enough that sizes and counts of taps stay within 32 bits.
    private const int MostElements = 1 << 26, MostTaps = 1 << 24, MostKernel = 64, MostChannels = 1 << 16;

    private readonly List<ValueShape> _shapes = [];
    private readonly List<bool> _signsOnly = [], _readAsReals = [], _readAsSigns = [];
    private readonly List<int> _lastReaders = [];

    /// <summary>Those of a network that has no layers yet.</summary>
    /// <exception cref="PackedException">Its images cannot be.</exception>
    public PackedValues(PackedInput input)
    {
        Give("the image", input.Height, input.Width, input.Channels, signsOnly: false);
        Expect(input.Scale.Length == input.Channels && input.Shift.Length == input.Channels, "the image", "its normalisation");
    }

    /// <summary>Those of a network.</summary>
    /// <exception cref="PackedException">A layer does not fit what it reads, or what it holds; the message names it.</exception>
    public static PackedValues Of(PackedNetwork network)
    {
        var values = new PackedValues(network.Input);
        foreach (PackedLayer layer in network.Layers)
            values.Add(layer);
        values.Close(network.Classes.Count);
        return values;
    }

    /// <summary>Takes the last value for the scores, which are read after all layers.</summary>
    /// <exception cref="PackedException">They are not one a class.</exception>
    public void Close(int classes)
    {
        ValueShape scores = _shapes[^1];
        if (Count == 1 || _signsOnly[^1] || scores.Height * scores.Width != 1 || scores.Channels != classes)
            throw new PackedException($"its last layer gives {scores}, not a score for each of {classes} classes");
        _readAsReals[^1] = true;
        _lastReaders[^1] = Count;
    }

    /// <summary>Number of values, the image among them.</summary>
    public int Count => _shapes.Count;

    /// <summary>Size of a value.</summary>
    public ValueShape this[int value] => _shapes[value];

    /// <summary>Whether a value is given as signs alone.</summary>
    public bool IsSigns(int value) => _signsOnly[value];

    /// <summary>Whether somebody reads the numbers of a value.</summary>
    public bool NeedsReals(int value) => _readAsReals[value];

    /// <summary>Whether somebody reads the signs of a value.</summary>
    public bool NeedsSigns(int value) => _readAsSigns[value];

    /// <summary>The value that the last layer to read a value gives; its own where none does, one after all for the scores.</summary>
    public int LastReader(int value) => _lastReaders[value];

    /// <summary>Channels of a value that a layer reads.</summary>
    public int Channels(string layer, int value)
    {
        Expect(value >= 0 && value < Count, layer, $"value {value}, which it reads,");
        return _shapes[value].Channels;
    }

    /// <summary>Taps of a kernel over a value: its rows times its columns times the channels.</summary>
    public int Taps(string layer, int value, int kernel)
    {
        int channels = Channels(layer, value);
        Expect(kernel is > 0 and <= MostKernel && (long)kernel * kernel * channels <= MostTaps, layer, "its kernel");
        return kernel * kernel * channels;
    }

    /// <summary>Adds the value of the next layer.</summary>
    /// <exception cref="PackedException">It does not fit what it reads, or what it holds.</exception>
    public void Add(PackedLayer layer)
    {
        Channels(layer.Name, layer.Input);
        ValueShape x = _shapes[layer.Input];
        switch (layer)
        {
            case RealConv l:
                Expect(l.Weights.Values.LongLength == (long)Taps(l.Name, l.Input, l.Conv.Kernel) * l.Conv.Channels, l.Name, "its weights");
                Reals(l.Input, l.Name);
                Convolved(l.Name, l.Conv, x, signsOnly: false);
                break;
            case SignConv l:
                Expect(l.Signs.LongLength == (long)WordsOf(Taps(l.Name, l.Input, l.Conv.Kernel)) * l.Conv.Channels, l.Name, "its weights");
                _readAsSigns[l.Input] = true;
                Convolved(l.Name, l.Conv, x, l.Result is CountSigns);
                Check(l.Name, l.Result, l.Conv.Channels);
                break;
            case NormLayer l:
                Reals(l.Input, l.Name);
                Give(l.Name, x.Height, x.Width, x.Channels, signsOnly: false);
                Check(l.Name, l.Norm, l.Added, x.Channels);
                break;
            case ActivationLayer l:
                Reals(l.Input, l.Name);
                Give(l.Name, x.Height, x.Width, x.Channels, signsOnly: false);
                break;
            case PadLayer l:
                Reals(l.Input, l.Name);
                Expect(l.Channels >= x.Channels && (l.Channels - x.Channels) % 2 == 0, l.Name, $"its {l.Channels} channels");
                Give(l.Name, (x.Height + 1) / 2, (x.Width + 1) / 2, l.Channels, signsOnly: false);
                break;
            case MaxPoolLayer l:
                Pooled(l, x);
                break;
            case AveragePoolLayer l:
                Reals(l.Input, l.Name);
                Averaged(l, x);
                break;
            case FlattenLayer l:
                Expect(!_signsOnly[l.Input] || x.Channels % 32 == 0, l.Name, "what it reads");
                Alike(l.Input);
                Give(l.Name, 1, 1, x.Count, _signsOnly[l.Input]);
                break;
            case LinearLayer l:
                Reals(l.Input, l.Name);
                Expect(x.Height * x.Width == 1 && l.Bias.Length > 0 && l.Weights.Values.LongLength == (long)l.Bias.Length * x.Count,
                    l.Name, "its weights");
                Give(l.Name, 1, 1, l.Bias.Length, signsOnly: false);
                break;
            default:
                throw new PackedException($"{layer.Name}: no layer of this kind is known");
        }

        foreach (int value in layer.Reads)
            _lastReaders[value] = Count - 1;
    }

    private void Check(string name, CountResult result, int channels)
    {
        if (result is CountSigns signs)
        {
            Expect(signs.Bounds.Length == channels && signs.Flips.Length == WordsOf(channels), name, "its thresholds");
            return;
        }

        var numbers = (CountNumbers)result;
        Expect(numbers.Scale.Length == 1 || numbers.Scale.Length == channels, name, "its scale");
        Check(name, numbers.Norm, numbers.Added, channels);
    }

    // After the layer's own value is there, whose size the added one must have.
    private void Check(string name, Normalisation? norm, int? added, int channels)
    {
        Expect(norm == null || (norm.Mean.Length == channels && norm.Factor.Length == channels && norm.Shift.Length == channels), name,
            "its normalisation");
        if (added is not { } value)
            return;
        Expect(value >= 0 && value < Count - 1 && _shapes[value] == _shapes[^1], name, $"value {value}, which it adds,");
        Reals(value, name);
    }

    private void Pooled(MaxPoolLayer l, ValueShape x)
    {
        Expect(l.Size is > 0 and <= 16 && l.Stride is > 0 and <= MostKernel && l.Padding >= 0 && 2 * l.Padding <= l.Size
            && Math.Min(x.Height, x.Width) + 2 * l.Padding >= l.Size, l.Name, "its window");
        Alike(l.Input);
        Give(l.Name, (x.Height + 2 * l.Padding - l.Size) / l.Stride + 1, (x.Width + 2 * l.Padding - l.Size) / l.Stride + 1, x.Channels,
            _signsOnly[l.Input]);
    }

    private void Averaged(AveragePoolLayer l, ValueShape x)
    {
        if (l.Size == 0)
        {
            Give(l.Name, 1, 1, x.Channels, signsOnly: false);
            return;
        }

        Expect(l.Size > 0 && x.Height % l.Size == 0 && x.Width % l.Size == 0, l.Name, "its window");
        Give(l.Name, x.Height / l.Size, x.Width / l.Size, x.Channels, signsOnly: false);
    }

    private void Convolved(string name, PackedConv c, ValueShape x, bool signsOnly)
    {
        Expect(c.Channels is > 0 and <= MostChannels && c.Stride is > 0 and <= MostKernel && c.Padding >= 0 && c.Padding < c.Kernel
            && Math.Min(x.Height, x.Width) + 2 * c.Padding >= c.Kernel, name, "its kernel");
        Give(name, c.Along(x.Height), c.Along(x.Width), c.Channels, signsOnly);
    }

    private void Reals(int value, string name)
    {
        Expect(!_signsOnly[value], name, $"value {value}, of which there are signs alone,");
        _readAsReals[value] = true;
    }

    /// <summary>Reads a value in the form in which it is given.</summary>
    private void Alike(int value) => (_signsOnly[value] ? _readAsSigns : _readAsReals)[value] = true;

    private void Give(string name, int height, int width, int channels, bool signsOnly)
    {
        Expect(height > 0 && width > 0 && channels > 0 && (long)height * width * channels <= MostElements, name,
            $"its value [{height},{width},{channels}]");
        _shapes.Add(new ValueShape(height, width, channels));
        _signsOnly.Add(signsOnly);
        _readAsReals.Add(false);
        _readAsSigns.Add(false);
        _lastReaders.Add(_shapes.Count - 1);
    }

    internal static int WordsOf(int bits) => (bits + 31) / 32;

    private static void Expect(bool holds, string name, string what)
    {
        if (!holds)
            throw new PackedException($"{name}: {what} cannot be");
    }
}
