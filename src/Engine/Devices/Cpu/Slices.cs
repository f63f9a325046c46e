namespace ReSTE.Native.Devices.Cpu;

/// <summary>Cuts a number of items into at most so many stretches of nearly equal length; the cut depends on nothing but these two numbers.</summary>
internal readonly struct Slices(long items, int maximum)
{
    /// <summary>Number of stretches.</summary>
    public int Count { get; } = (int)Math.Min(items, maximum);

    /// <summary>First item of a stretch; that of the stretch behind the last is the number of items.</summary>
    public long Start(int slice) => items * slice / Count;
}
