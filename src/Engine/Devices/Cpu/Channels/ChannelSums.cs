namespace ReSTE.Native.Devices.Cpu;

/// <summary>Two sums a channel in each of some slices, [slices, 2, channels].</summary>
internal readonly unsafe struct ChannelSums(double* sums, int slices, int channels)
{
    /// <summary>How many terms of a gradient's sums are added in single before they are added to the sum in double.</summary>
    public const int InSingle = 16;

    /// <summary>Bytes for numbers of slices and channels.</summary>
    public static long Bytes(int slices, int channels) => 2L * slices * channels * sizeof(double);

    /// <summary>[2, channels] of a slice, made zero.</summary>
    public double* Begin(int slice)
    {
        double* start = sums + 2L * slice * channels;
        new Span<double>(start, 2 * channels).Clear();
        return start;
    }

    /// <summary>The two totals of a channel, added in the order of the slices.</summary>
    public (double First, double Second) Total(int channel)
    {
        double first = 0, second = 0;
        for (int s = 0; s < slices; s++)
        {
            first += sums[(2L * s * channels) + channel];
            second += sums[((2L * s) + 1) * channels + channel];
        }

        return (first, second);
    }
}
