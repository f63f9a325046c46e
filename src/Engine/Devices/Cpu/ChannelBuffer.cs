using System.Runtime.InteropServices;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>Working memory of the reductions over all axes but the channels: two doubles a slice and channel, and four constants a channel.</summary>
internal sealed unsafe class ChannelBuffer : IDisposable
{
    /// <summary>Slices of rows, at most; fixed, as every reduction's.</summary>
    public const int MaximalSlices = 64;

    /// <summary>Channels, at most.</summary>
    public const int MaximalChannels = 8192;

    private const int ConstantRows = 4;
    private readonly double* _sums = (double*)NativeMemory.AlignedAlloc(2 * MaximalSlices * MaximalChannels * sizeof(double), 64);
    private readonly float* _constants = (float*)NativeMemory.AlignedAlloc(ConstantRows * MaximalChannels * sizeof(float), 64);

    /// <summary>[slices, 2, channels].</summary>
    public double* Sums => _sums;

    /// <summary>Row of constants, [channels].</summary>
    public float* Constants(int row) => _constants + (long)row * MaximalChannels;

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
    }
}
