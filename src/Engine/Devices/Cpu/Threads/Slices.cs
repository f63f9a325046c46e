namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// Cuts a number of items into stretches of nearly equal length; the cut depends on nothing but these numbers.
/// </summary>
/// <param name="items">What is never cut apart, such as images.</param>
/// <param name="maximum">Stretches, at most.</param>
/// <param name="size">Rows in an item; starts are counted in rows.</param>
internal readonly struct Slices(long items, int maximum, long size = 1)
{
    /// <summary>Number of stretches.</summary>
    public int Count { get; } = (int)Math.Min(items, maximum);

    /// <summary>First row of a stretch; that after the last is the number of rows.</summary>
    public long Start(int slice) => items * slice / Count * size;
}
