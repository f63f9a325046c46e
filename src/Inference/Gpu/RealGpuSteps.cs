using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Operations;
using ReSTE.Native.Packed;

namespace ReSTE.Native.Gpu;

/// <summary>Bytes to numbers.</summary>
internal sealed class ImageGpuStep(PackedInput input, GpuConstants constants, long y) : GpuStep
{
    private readonly long _scale = constants.Add(input.Scale), _shift = constants.Add(input.Shift);

    public override void Launch(GpuRun run)
    {
        long count = (long)run.Images * input.Bytes;
        run.Launch(new PackedImage(new(run.Bytes), run.Constant<float>(_scale), run.Constant<float>(_shift), run.Value<float>(y),
            (uint)count, (uint)input.Channels), count);
    }
}

/// <summary>A real layer: a convolution, or a linear layer, which is one of images of one pixel.</summary>
/// <param name="Conv">Its sizes.</param>
/// <param name="Weights">[outputs, taps].</param>
/// <param name="Bias">[outputs], or null for none.</param>
internal sealed record RealSums(PackedConv Conv, RealValues Weights, float[]? Bias)
{
    /// <summary>Those of a layer; null where it has none.</summary>
    public static RealSums? Of(PackedLayer layer) => layer switch
    {
        RealConv l => new(l.Conv, l.Weights, null),
        LinearLayer l => new(new(l.Bias.Length, 1, 1, 0), l.Weights, l.Bias),
        _ => null,
    };
}

/// <summary>A real layer, and what becomes of its numbers.</summary>
internal sealed class RealGpuStep : GpuStep
{
    private readonly PackedConv _conv;
    private readonly ValueShape _from;
    private readonly Finish _finish;
    private readonly NormPlaces _norm;
    private readonly ResultPlaces _places;
    private readonly long _weights, _bias, _x;
    private readonly uint _groups, _pixels;

    /// <param name="sums">What it adds up.</param>
    /// <param name="from">Size of its input.</param>
    /// <param name="finish">What becomes of it.</param>
    /// <param name="gpu">Where it runs.</param>
    /// <param name="x">Where its input is.</param>
    /// <param name="places">Where its result goes.</param>
    public RealGpuStep(RealSums sums, ValueShape from, Finish finish, GpuBuild gpu, long x, ResultPlaces places)
    {
        (_conv, _from, _finish, _x, _places) = (sums.Conv, from, finish, x, places);
        _norm = NormPlaces.Of(finish.Norm, gpu.Constants);
        var (pixels, channels) = gpu.RealTile;
        // The last word of signs is written to its end.
        int outputs = places.Signs < 0 ? _conv.Channels : Tensors.Bits.Words(_conv.Channels) * Tensors.Bits.PerWord;
        (_groups, _pixels) = (Grid.Blocks(outputs, channels), pixels);
        _weights = gpu.Constants.Add(ByTap(sums.Weights.Values, _conv.Channels, (int)(_groups * channels)));
        _bias = sums.Bias is { } bias ? gpu.Constants.Add(bias) : -1;
    }

    public override void Launch(GpuRun run)
    {
        ConvGeometry g = _conv.Geometry(_from, run.Images);
        run.Launch(new PackedRealConv(run.Value<float>(_x), run.Constant<double>(_weights), run.Constant<float>(_bias),
            _places.Argument(run, _norm, _finish.Activation), new(g)), new Grid(Grid.Blocks((long)g.N * g.OH * g.OW, _pixels), _groups));
    }

    // [taps, padded] of [outputs, taps].
    private static double[] ByTap(float[] weights, int outputs, int padded)
    {
        int taps = weights.Length / outputs;
        var all = new double[(long)taps * padded];
        for (int tap = 0; tap < taps; tap++)
            for (int o = 0; o < outputs; o++)
                all[(long)tap * padded + o] = weights[(long)o * taps + tap];
        return all;
    }
}

/// <summary>The mean of windows that meet.</summary>
internal sealed class AveragePoolGpuStep(ValueShape from, int size, long x, long y) : GpuStep
{
    public override void Launch(GpuRun run)
    {
        (int rows, int columns) = size == 0 ? (from.Height, from.Width) : (size, size);
        long threads = (long)run.Images * (from.Height / rows) * (from.Width / columns) * from.Channels;
        run.Launch(new PackedAveragePool(run.Value<float>(x), run.Value<float>(y), (uint)run.Images, (uint)from.Height, (uint)from.Width,
            (uint)from.Channels, (uint)rows, (uint)columns), threads);
    }
}

/// <summary>The largest number of each window, or the sign of it.</summary>
internal sealed class MaxPoolGpuStep(MaxPoolLayer layer, ValueShape from, bool ofSigns, long x, long y) : GpuStep
{
    public override void Launch(GpuRun run)
    {
        ConvGeometry g = new PackedConv(from.Channels, layer.Size, layer.Stride, layer.Padding).Geometry(from, run.Images);
        long pixels = (long)g.N * g.OH * g.OW;
        if (ofSigns)
            run.Launch(new PackedMaxPoolSigns(run.Value<uint>(x), run.Value<uint>(y), new(g)), pixels * Tensors.Bits.Words(from.Channels));
        else
            run.Launch(new PackedMaxPool(run.Value<float>(x), run.Value<float>(y), new(g)), pixels * from.Channels);
    }
}

/// <summary>Option A shortcut.</summary>
internal sealed class PadGpuStep(ValueShape from, ValueShape to, long x, long y) : GpuStep
{
    public override void Launch(GpuRun run) => run.Launch(
        new ShortcutPad(run.Value<float>(x), run.Value<float>(y), (uint)run.Images, (uint)from.Height, (uint)from.Width,
            (uint)from.Channels, (uint)to.Channels), (long)run.Images * to.Count);
}
