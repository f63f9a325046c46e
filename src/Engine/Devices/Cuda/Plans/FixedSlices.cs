namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// How a sum over many rows is cut: by their number alone, never by the GPU's size, so that the order of additions is the same on
/// every GPU.
/// </summary>
/// <param name="Rows">Rows of a slice; the last may have fewer.</param>
/// <param name="Count">Slices.</param>
internal readonly record struct FixedSlices(uint Rows, uint Count)
{
    /// <summary>Slices of a smallest number of rows at least, and a number of them at most.</summary>
    public static FixedSlices Of(long rows, int smallest, int most)
    {
        long each = Math.Max(smallest, (rows + most - 1) / most);
        return new FixedSlices(checked((uint)each), checked((uint)((rows + each - 1) / each)));
    }
}
