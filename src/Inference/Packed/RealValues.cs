namespace ReSTE.Native.Packed;

/// <summary>
/// Weights of a real layer, rows of one output each: singles as they are, or bytes and what multiplies those of a row.
/// </summary>
public sealed class RealValues
{
    /// <summary>Weights as they are.</summary>
    /// <param name="values">All rows, one after the other.</param>
    public RealValues(float[] values) => Values = values;

    /// <summary>Weights of a byte: a weight is its byte times the scale of its row, rounded to single.</summary>
    /// <param name="bytes">All rows, one after the other.</param>
    /// <param name="scales">One a row.</param>
    public RealValues(sbyte[] bytes, float[] scales)
    {
        (Bytes, Scales) = (bytes, scales);
        int row = scales.Length == 0 ? 1 : bytes.Length / scales.Length;
        Values = new float[bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
            Values[i] = bytes[i] * scales[i / row];
    }

    /// <summary>The weights.</summary>
    public float[] Values { get; }

    /// <summary>As bytes; null where they are singles.</summary>
    public sbyte[]? Bytes { get; }

    /// <summary>What multiplies each row of bytes; null where they are singles.</summary>
    public float[]? Scales { get; }

    /// <summary>The nearest weights of a byte: the largest of a row is 127.</summary>
    /// <param name="values">All rows, one after the other.</param>
    /// <param name="rows">How many.</param>
    public static RealValues Rounded(float[] values, int rows)
    {
        int row = values.Length / rows;
        var (bytes, scales) = (new sbyte[values.Length], new float[rows]);
        for (int o = 0; o < rows; o++)
        {
            float largest = 0;
            foreach (float value in values.AsSpan(o * row, row))
                largest = Math.Max(largest, Math.Abs(value));
            scales[o] = largest / sbyte.MaxValue;
            for (int i = o * row; i < (o + 1) * row; i++)
                bytes[i] = scales[o] == 0 ? (sbyte)0 : Nearest((double)values[i] / scales[o]);
        }

        return new RealValues(bytes, scales);
    }

    private static sbyte Nearest(double value) => (sbyte)Math.Clamp(Math.Round(value), -sbyte.MaxValue, sbyte.MaxValue);
}
