using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Operations;
using ReSTE.Native.Packed;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Running;

/// <summary>A real convolution, summed in double.</summary>
internal sealed unsafe class RealConvStep<TDoubles> : Step where TDoubles : unmanaged, IDoubles<TDoubles>
{
    private readonly ConvGeometry _geometry;
    private readonly FixedMemory _weights;
    private readonly long _x, _image, _y;

    /// <param name="layer">What it computes.</param>
    /// <param name="g">Its sizes.</param>
    /// <param name="x">Where its input is.</param>
    /// <param name="image">Where it has <see cref="ImageBytes"/> of working memory.</param>
    /// <param name="y">Where its result goes.</param>
    public RealConvStep(RealConv layer, in ConvGeometry g, long x, long image, long y)
    {
        (_geometry, _x, _image, _y) = (g, x, image, y);
        _weights = new FixedMemory(sizeof(double) * DoubleConv<TDoubles>.WeightDoubles(g));
        fixed (float* w = layer.Weights.Values)
            Conv(null).Pack(w);
    }

    /// <summary>Bytes of working memory.</summary>
    public static long ImageBytes(in ConvGeometry g) => sizeof(double) * DoubleConv<TDoubles>.ImageDoubles(g);

    public override void Run(in RunMemory memory) => Conv(memory.Doubles(_image)).Run(memory.Reals(_x), memory.Reals(_y));

    private DoubleConv<TDoubles> Conv(double* image) => new(_geometry, (double*)_weights.Start, image);
}

/// <summary>A linear layer, summed in double; outputs lie side by side, filled up to whole vectors.</summary>
internal sealed unsafe class LinearStep<TDoubles> : Step where TDoubles : unmanaged, IDoubles<TDoubles>
{
    private readonly int _inputs, _outputs, _padded;
    private readonly FixedMemory _weights;
    private readonly float[] _bias;
    private readonly long _x, _y;

    /// <param name="layer">What it computes.</param>
    /// <param name="x">Where its input is.</param>
    /// <param name="y">Where its result goes.</param>
    public LinearStep(LinearLayer layer, long x, long y)
    {
        (_x, _y, _outputs) = (x, y, layer.Bias.Length);
        _inputs = layer.Weights.Values.Length / _outputs;
        _padded = Floats.Pad(_outputs, TDoubles.Width);
        _bias = [.. layer.Bias, .. new float[_padded - _outputs]];
        _weights = new FixedMemory(sizeof(float) * (long)_inputs * _padded);
        float* w = (float*)_weights.Start;
        for (int o = 0; o < _outputs; o++)
            for (int i = 0; i < _inputs; i++)
                w[(long)i * _padded + o] = layer.Weights.Values[o * _inputs + i];
    }

    public override void Run(in RunMemory memory)
    {
        float* x = memory.Reals(_x), y = memory.Reals(_y), sums = stackalloc float[TDoubles.Width];
        fixed (float* bias = _bias)
        {
            for (int o = 0; o < _padded; o += TDoubles.Width)
            {
                (Sum(x, (float*)_weights.Start + o) + TDoubles.Load(bias + o)).Store(sums);
                new Span<float>(sums, Math.Min(TDoubles.Width, _outputs - o)).CopyTo(new Span<float>(y + o, _outputs - o));
            }
        }
    }

    private TDoubles Sum(float* x, float* w)
    {
        TDoubles sum = default;
        for (int i = 0; i < _inputs; i++, w += _padded)
            sum = TDoubles.AddExact(TDoubles.Broadcast(x[i]), TDoubles.Load(w), sum);
        return sum;
    }
}

/// <summary>The mean of windows that meet, summed in double.</summary>
internal sealed unsafe class AveragePoolStep<TDoubles>(ValueShape from, int size, long x, long y) : Step
    where TDoubles : unmanaged, IDoubles<TDoubles>
{
    public override void Run(in RunMemory memory)
    {
        float* source = memory.Reals(x), target = memory.Reals(y);
        (int rows, int columns) = size == 0 ? (from.Height, from.Width) : (size, size);
        for (int p = 0; p < from.Height; p += rows)
            for (int q = 0; q < from.Width; q += columns, target += from.Channels)
                Mean(source + ((long)p * from.Width + q) * from.Channels, rows, columns, target);
    }

    private void Mean(float* corner, int rows, int columns, float* to)
    {
        int channels = from.Channels, c = 0, count = rows * columns;
        for (; c + TDoubles.Width <= channels; c += TDoubles.Width)
        {
            TDoubles sum = default;
            for (int pixel = 0; pixel < count; pixel++)
                sum += TDoubles.Load(corner + Offset(pixel, columns) + c);
            (sum / TDoubles.Broadcast(count)).Store(to + c);
        }

        for (; c < channels; c++)
        {
            double sum = 0;
            for (int pixel = 0; pixel < count; pixel++)
                sum += corner[Offset(pixel, columns) + c];
            to[c] = (float)(sum / count);
        }
    }

    private long Offset(int pixel, int columns) => ((long)(pixel / columns) * from.Width + pixel % columns) * from.Channels;
}
