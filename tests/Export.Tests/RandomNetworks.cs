using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.Tests;

/// <summary>Packed networks whose layers, sizes and numbers are drawn: awkward widths, kernels, strides and margins.</summary>
internal sealed class RandomNetworks
{
    private static readonly int[] s_channels = [1, 3, 15, 16, 17, 31, 32, 33, 48, 64, 65, 96], s_kernels = [1, 1, 2, 3, 3, 3, 5, 7];

    private readonly Random _random;
    private readonly List<PackedLayer> _layers = [];
    private readonly List<(int Height, int Width, int Channels, bool IsSigns)> _values = [];

    private RandomNetworks(int seed) => _random = new Random(seed);

    /// <summary>Draws one.</summary>
    public static PackedNetwork Of(int seed)
    {
        var drawn = new RandomNetworks(seed);
        int channels = seed % 3 == 0 ? 1 : 3, classes = 1 + drawn._random.Next(20);
        drawn._values.Add((5 + drawn._random.Next(12), 5 + drawn._random.Next(12), channels, false));
        for (int i = 0; i < 9; i++)
            drawn.AddAny();
        return drawn.Scored(classes);
    }

    /// <summary>Draws one of residual layers without an activation: a compiler may fuse scaling and taking off the mean.</summary>
    public static PackedNetwork OfResiduals(int seed)
    {
        var drawn = new RandomNetworks(seed);
        drawn._values.Add((8, 9, 16, false));
        for (int x = 0; x < 4; x++)
        {
            var numbers = new CountNumbers(drawn.Singles(16, 0.1f), PackedActivation.None, drawn.Norm(16), x);
            drawn.Add(new SignConv(drawn.Name, x, new PackedConv(16, 3, 1, 1), drawn.Words(16, 9 * 16), numbers), drawn._values[x]);
        }

        return drawn.Scored(5);
    }

    private PackedNetwork Scored(int classes)
    {
        AddScores(classes);
        var (height, width, channels, _) = _values[0];
        var input = new PackedInput(height, width, channels, Singles(channels, 0.02f), Singles(channels, 2));
        string[] names = [.. Enumerable.Range(0, classes).Select(i => $"class \"{i}\"?")];
        return new PackedNetwork($"random-{_random.Next(1000)}", "noise", input, names, _layers);
    }

    /// <summary>Noise, some images of which are dark or bright alone.</summary>
    public static byte[] Images(PackedNetwork network, int count)
    {
        var images = new byte[count * network.Input.Bytes];
        new Random(count).NextBytes(images);
        images.AsSpan(0, network.Input.Bytes).Clear();
        images.AsSpan(network.Input.Bytes, network.Input.Bytes).Fill(255);
        return images;
    }

    private int Last => _values.Count - 1;

    private string Name => $"layer{Last}";

    private void AddAny()
    {
        // Mostly the newest value; now and then one with several readers.
        int x = _random.Next(4) == 0 ? _random.Next(_values.Count) : Last;
        var (_, _, channels, isSigns) = _values[x];
        switch (_random.Next(isSigns ? 6 : 12))
        {
            case 0 or 1 or 2:
                AddSigns(x);
                break;
            case 3:
                AddPool(x);
                break;
            case 4 when !isSigns || channels % 32 == 0:
                if (_random.Next(3) == 0)
                    Add(new FlattenLayer(Name, x), 1, 1, _values[x].Height * _values[x].Width * channels, isSigns);
                break;
            case 4 or 5 when isSigns:
                AddNumbers(x);
                break;
            case 5 or 6 or 7:
                AddNumbers(x);
                break;
            case 8:
                AddReal(x);
                break;
            case 9:
                Add(new NormLayer(Name, x, Activation(), Norm(channels), Added(_values[x])), _values[x]);
                break;
            case 10:
                Add(new ActivationLayer(Name, x, Activation()), _values[x]);
                break;
            default:
                int wider = channels + 2 * _random.Next(12);
                Add(new PadLayer(Name, x, wider), (_values[x].Height + 1) / 2, (_values[x].Width + 1) / 2, wider, false);
                break;
        }
    }

    private void AddScores(int classes)
    {
        if (_values[^1].IsSigns)
            AddNumbers(Last);
        var (height, width, channels, _) = _values[^1];
        if (height * width > 1 && _random.Next(2) == 0)
            Add(new FlattenLayer(Name, Last), 1, 1, height * width * channels, false);
        else if (height * width > 1)
            Add(new AveragePoolLayer(Name, Last, 0), 1, 1, channels, false);
        int inputs = _values[^1].Channels;
        Add(new LinearLayer(Name, Last, Reals(classes, inputs), Singles(classes, 1)), 1, 1, classes, false);
    }

    private void AddReal(int x)
    {
        PackedConv conv = Conv(x);
        Add(new RealConv(Name, x, conv, Reals(conv.Channels, conv.Kernel * conv.Kernel * _values[x].Channels)), Sizes(x, conv, false));
    }

    private void AddSigns(int x)
    {
        PackedConv conv = Conv(x);
        int taps = conv.Kernel * conv.Kernel * _values[x].Channels, few = (int)Math.Sqrt(taps) + 1;
        int[] bounds = [.. Enumerable.Range(0, conv.Channels).Select(_ => _random.Next(-few, few))];
        for (int o = 5; o < bounds.Length; o += 6)
            bounds[o] = o % 4 == 1 ? -taps - 1 : taps;
        Add(new SignConv(Name, x, conv, Words(conv.Channels, taps), new CountSigns(bounds, Words(1, conv.Channels))), Sizes(x, conv, true));
    }

    private void AddNumbers(int x)
    {
        PackedConv conv = Conv(x);
        var sizes = Sizes(x, conv, false);
        float[] scale = Singles(_random.Next(2) == 0 ? 1 : conv.Channels, 0.1f);
        Normalisation? norm = _random.Next(4) == 0 ? null : Norm(conv.Channels);
        uint[] signs = Words(conv.Channels, conv.Kernel * conv.Kernel * _values[x].Channels);
        Add(new SignConv(Name, x, conv, signs, new CountNumbers(scale, Activation(), norm, Added(sizes))), sizes);
    }

    private void AddPool(int x)
    {
        var (height, width, channels, isSigns) = _values[x];
        int size = 1 + _random.Next(3), padding = _random.Next(size / 2 + 1), stride = 1 + _random.Next(3);
        if (Math.Min(height, width) + 2 * padding < size)
            return;
        int Sized(int of) => (of + 2 * padding - size) / stride + 1;
        Add(new MaxPoolLayer(Name, x, size, stride, padding), Sized(height), Sized(width), channels, isSigns);
    }

    // A kernel as large as fits, with any margin that it may have; often one whose result has the size of what it reads, to be added to it.
    private PackedConv Conv(int x)
    {
        if (_random.Next(3) == 0)
        {
            int odd = 1 + 2 * _random.Next(3);
            return new PackedConv(_values[x].Channels, odd, 1, odd / 2);
        }

        int kernel = s_kernels[_random.Next(s_kernels.Length)], padding = _random.Next(2) == 0 ? kernel / 2 : _random.Next(kernel);
        bool fits = Math.Min(_values[x].Height, _values[x].Width) + 2 * padding >= kernel;
        int channels = s_channels[_random.Next(s_channels.Length)];
        return fits ? new PackedConv(channels, kernel, 1 + _random.Next(7) / 4, padding) : new PackedConv(channels, 1, 1, 0);
    }

    private (int Height, int Width, int Channels, bool IsSigns) Sizes(int x, PackedConv conv, bool isSigns)
    {
        int Sized(int of) => (of + 2 * conv.Padding - conv.Kernel) / conv.Stride + 1;
        return (Sized(_values[x].Height), Sized(_values[x].Width), conv.Channels, isSigns);
    }

    // Some value of the same size, if there is one.
    private int? Added((int, int, int, bool IsSigns) sizes)
    {
        int found = _values.IndexOf(sizes);
        return found < 0 ? null : found;
    }

    private void Add(PackedLayer layer, int height, int width, int channels, bool isSigns) =>
        Add(layer, (height, width, channels, isSigns));

    private void Add(PackedLayer layer, (int Height, int Width, int Channels, bool IsSigns) sizes)
    {
        _layers.Add(layer);
        _values.Add(sizes);
    }

    private PackedActivation Activation() => (PackedActivation)_random.Next(3);

    private Normalisation Norm(int channels) => new(Singles(channels, 1), Singles(channels, 2), Singles(channels, 1));

    private RealValues Reals(int rows, int row) =>
        _random.Next(2) == 0 ? RealValues.Rounded(Singles(rows * row, 0.3f), rows) : new RealValues(Singles(rows * row, 0.3f));

    private float[] Singles(int count, float most) =>
        [.. Enumerable.Range(0, count).Select(i => i % 11 == 10 ? 0 : (float)(_random.NextDouble() * 2 - 1) * most)];

    private uint[] Words(int rows, int bits)
    {
        int row = (bits + 31) / 32;
        var words = new uint[rows * row];
        for (int i = 0; i < words.Length; i++)
            words[i] = (uint)_random.NextInt64(1L << Math.Min(32, bits - i % row * 32));
        return words;
    }
}
