namespace ReSTE.Native.Devices;

/// <summary>
/// What a kernel launch has to do at least. Multiply-adds are counted by what is multiplied, those of taps in the padding included, as is
/// usual; a kernel that only moves bytes has none.
/// </summary>
/// <param name="Bytes">
/// Device memory that must be touched: each tensor once where it is read or written, twice where it is read and written; whatever a kernel
/// reads again, under several taps or by several blocks, counts once.
/// </param>
/// <param name="Bits">Multiply-adds of signs with signs.</param>
/// <param name="Sign">Multiply-adds of real numbers with signs.</param>
/// <param name="Real">Multiply-adds of real numbers with real numbers.</param>
public readonly record struct LaunchWork(long Bytes, long Bits = 0, long Sign = 0, long Real = 0)
{
    /// <summary>All multiply-adds.</summary>
    public long Products => Bits + Sign + Real;
}

/// <summary>One launch of a recorded step.</summary>
/// <param name="Kernel">Name of the kernel.</param>
/// <param name="Layer">The operation's result, or the tensor that it is about: layer1.0.conv1.</param>
/// <param name="GridX">Blocks along x.</param>
/// <param name="GridY">Blocks along y.</param>
/// <param name="GridZ">Blocks along z.</param>
/// <param name="Block">Threads of a block.</param>
/// <param name="Work">What it has to do.</param>
public sealed record KernelLaunch(string Kernel, string Layer, uint GridX, uint GridY, uint GridZ, uint Block, LaunchWork Work);
