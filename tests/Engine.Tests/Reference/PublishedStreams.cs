using System.Text;

namespace ReSTE.Native.Engine.Tests.Reference;

/// <summary>Inputs, labels and parameters of the reference cases: functions of their names, see tests/reference-data/README.md.</summary>
internal static class PublishedStreams
{
    /// <summary>FNV-1a, 64 bit, of the name's UTF-8 bytes.</summary>
    public static ulong Hash(string name)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (byte value in Encoding.UTF8.GetBytes(name))
            hash = (hash ^ value) * 0x100000001B3;
        return hash;
    }

    /// <summary>Element <paramref name="index"/> of the SplitMix64 sequence that starts at <paramref name="state"/>.</summary>
    public static ulong SplitMix64(ulong state, ulong index)
    {
        ulong z = state + (index + 1) * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Numbers in [-1, 1), multiples of 2^-23 and so exact in float32.</summary>
    public static float[] Symmetric(string name, int count) => Fill(name, count, value => value);

    /// <summary>An input: twice the symmetric stream.</summary>
    public static float[] Input(string name, int count) => Fill(name, count, value => 2 * value);

    public static int[] Labels(string name, int count, int classes)
    {
        ulong state = Hash(name);
        var labels = new int[count];
        for (int i = 0; i < count; i++)
            labels[i] = (int)(SplitMix64(state, (ulong)i) % (ulong)classes);
        return labels;
    }

    /// <summary>A parameter, O,I,H,W if a weight. Rank tells a layer's weight from batch norm's; both kinds of bias fill alike.</summary>
    public static float[] Parameter(string prefix, string tag, string name, params ReadOnlySpan<int> shape)
    {
        int count = Product(shape);
        string stream = $"{prefix}/{tag}/{name}";
        if (shape.Length > 1)
        {
            float bound = (float)Math.Sqrt(6.0 / Product(shape[1..]));
            return Fill(stream, count, value => value * bound);
        }

        bool isWeight = name == "weight" || name.EndsWith(".weight", StringComparison.Ordinal);
        return isWeight ? Fill(stream, count, value => 1f + 0.25f * value) : Fill(stream, count, value => 0.1f * value);
    }

    private static float[] Fill(string name, int count, Func<float, float> map)
    {
        ulong state = Hash(name);
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = map((float)(2 * (SplitMix64(state, (ulong)i) >> 40) * Math.ScaleB(1.0, -24) - 1));
        return values;
    }

    private static int Product(ReadOnlySpan<int> values)
    {
        int product = 1;
        foreach (int value in values)
            product = checked(product * value);
        return product;
    }
}
