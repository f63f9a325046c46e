namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// How batch norm uses its working memory: two sums a slice and channel in double, [slices, 2, channels], then four constants a channel,
/// [4, channels].
/// </summary>
internal readonly unsafe struct ChannelMemory(void* memory, int slices, int channels)
{
    private const int ConstantRows = 4;

    /// <summary>Bytes for a number of slices and channels.</summary>
    public static long Bytes(int slices, int channels) =>
        ChannelSums.Bytes(slices, channels) + ConstantRows * sizeof(float) * (long)channels;

    /// <summary>[slices, 2, channels].</summary>
    public double* Sums => (double*)memory;

    /// <summary>A row of constants, [channels].</summary>
    public float* Constants(int row) => (float*)(Sums + 2L * slices * channels) + (long)row * channels;

    /// <summary>The two totals of a channel, added in the order of the slices.</summary>
    public (double First, double Second) Total(int channel) => new ChannelSums(Sums, slices, channels).Total(channel);
}
