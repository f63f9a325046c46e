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

/// <summary>
/// A real convolution, or a linear layer, which is one of images of one pixel: [taps, outputs] in double, filled up to whole threads.
/// </summary>
internal sealed class RealConvGpuStep : GpuStep
{
    private readonly PackedConv _conv;
    private readonly ValueShape _from;
    private readonly long _weights, _bias, _x, _y;
    private readonly int _padded;

    /// <param name="conv">Its sizes.</param>
    /// <param name="from">Size of its input.</param>
    /// <param name="numbers">Weights [outputs, taps], and what is added, or null for nothing.</param>
    /// <param name="gpu">Where it runs.</param>
    /// <param name="places">Where its input is, and where its result goes.</param>
    public RealConvGpuStep(PackedConv conv, ValueShape from, (RealValues Weights, float[]? Bias) numbers, GpuBuild gpu,
        (long X, long Y) places)
    {
        (_conv, _from, (_x, _y)) = (conv, from, places);
        _padded = (int)(GpuRun.Blocks(conv.Channels, gpu.RealConvChannels) * gpu.RealConvChannels);
        float[] w = numbers.Weights.Values;
        int taps = w.Length / conv.Channels;
        var weights = new double[(long)taps * _padded];
        for (int tap = 0; tap < taps; tap++)
            for (int o = 0; o < conv.Channels; o++)
                weights[(long)tap * _padded + o] = w[(long)o * taps + tap];
        _weights = gpu.Constants.Add(weights);
        _bias = numbers.Bias is { } bias ? gpu.Constants.Add(bias) : -1;
    }

    public override void Launch(GpuRun run)
    {
        ConvGeometry g = _conv.Geometry(_from, run.Images);
        CudaKernel kernel = run.Modules.Find<PackedRealConv>();
        var grid = new Grid(GpuRun.Blocks((long)g.N * g.OH * g.OW, kernel.Constant(GpuBuild.RealConvPixels)),
            (uint)_padded / kernel.Constant(GpuBuild.RealConvChannelsOf));
        run.Launch(new PackedRealConv(run.Value<float>(_x), run.Constant<double>(_weights), run.Constant<float>(_bias),
            run.Value<float>(_y), new(g)), grid);
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
