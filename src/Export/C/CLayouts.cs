using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.C;

/// <summary>Arrays of numbers in the order in which the C code reads them: sixteen outputs together.</summary>
internal static class CLayouts
{
    /// <summary>Outputs that are computed together.</summary>
    public const int Group = 16;

    private const int Narrow = 8;

    /// <summary>Channels up to the next group.</summary>
    public static int Lanes(int channels) => (channels + Group - 1) / Group * Group;

    /// <summary>One a channel, followed by as many of another as fill the group.</summary>
    public static T[] Filled<T>(T[] values, int channels, T rest)
    {
        var filled = new T[Lanes(channels)];
        Array.Fill(filled, rest);
        for (int c = 0; c < channels; c++)
            filled[c] = values[values.Length == 1 ? 0 : c];
        return filled;
    }

    /// <summary>Weights of a real convolution, from [outputs, taps] to [groups, taps, 16].</summary>
    public static float[] Real(float[] weights, int outputs)
    {
        int taps = weights.Length / outputs;
        var grouped = new float[taps * Lanes(outputs)];
        for (int o = 0; o < outputs; o++)
            for (int tap = 0; tap < taps; tap++)
                grouped[(o / Group * taps + tap) * Group + o % Group] = weights[o * taps + tap];
        return grouped;
    }

    /// <summary>Weights of a linear layer, from [outputs, inputs] to [outputs / 8, inputs, 8 or what is left].</summary>
    public static float[] Linear(float[] weights, int outputs)
    {
        int inputs = weights.Length / outputs;
        var grouped = new float[weights.Length];
        for (int o = 0; o < outputs; o++)
        {
            int first = o / Narrow * Narrow, some = Math.Min(Narrow, outputs - first);
            for (int i = 0; i < inputs; i++)
                grouped[first * inputs + i * some + o - first] = weights[o * inputs + i];
        }

        return grouped;
    }

    /// <summary>Whether a convolution of signs has two pixels in a word.</summary>
    public static bool IsPaired(PackedConv conv, int inputs) => conv.Kernel == 3 && inputs <= Group;
}
