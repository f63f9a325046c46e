using System.Runtime.InteropServices;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>Working memory of the reductions over all axes but the channels: two doubles a slice and channel, and four constants a channel.</summary>
internal sealed unsafe class ChannelBuffer : IDisposable
{
    /// <summary>Slices of rows, at most; fixed, as every reduction's.</summary>
    public const int MaximalSlices = 64;

    private const int ConstantRows = 4, UsualChannels = 4096;
    private double* _sums;
    private float* _constants;
    private int _channels;

    /// <summary>Enough for the networks there are.</summary>
    public ChannelBuffer() => Reserve(UsualChannels);

    /// <summary>[slices, 2, channels].</summary>
    public double* Sums => _sums;

    /// <summary>Row of constants, [channels].</summary>
    public float* Constants(int row) => _constants + (long)row * _channels;

    /// <summary>Makes room for so many channels; between jobs only. Pointers taken before are void where it had to grow.</summary>
    public void Reserve(int channels)
    {
        if (channels <= _channels)
            return;
        Dispose();
        _channels = channels;
        _sums = (double*)NativeMemory.AlignedAlloc((nuint)(2L * MaximalSlices * channels * sizeof(double)), 64);
        _constants = (float*)NativeMemory.AlignedAlloc((nuint)((long)ConstantRows * channels * sizeof(float)), 64);
    }

    /// <summary>The two totals of a channel, added in the order of the slices.</summary>
    public (double First, double Second) Total(int slices, int channels, int channel)
    {
        double first = 0, second = 0;
        for (int s = 0; s < slices; s++)
        {
            first += _sums[(2L * s * channels) + channel];
            second += _sums[((2L * s) + 1) * channels + channel];
        }

        return (first, second);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_sums);
        NativeMemory.AlignedFree(_constants);
        _sums = null;
        _constants = null;
        _channels = 0;
    }
}
