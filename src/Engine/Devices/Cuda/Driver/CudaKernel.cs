using System.Globalization;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>A kernel that is loaded and can be launched.</summary>
/// <param name="Entry">Its name.</param>
/// <param name="Block">Threads of a block.</param>
/// <param name="Function">The driver's handle, which lives as long as the module it is of.</param>
/// <param name="ImageFile">Where it is from, such as <c>sign_pack.sm_90a.cubin</c>.</param>
/// <param name="Text">What its file's compiled text says.</param>
/// <param name="Waits">Whether it waits by itself for the launch before it, as its image says, so that it may be launched early.</param>
internal sealed record CudaKernel(string Entry, uint Block, nint Function, string ImageFile, KernelText Text, bool Waits)
{
    /// <summary>A constant of its source that was exported for the host.</summary>
    internal uint Constant(string name) => Text.Constants.TryGetValue(name, out uint value)
        ? value
        : throw new KernelImageException(
            $"{ImageFile} has no constant {name}, which launches of {Entry} need: it is of another version");

    /// <summary>What was launched, for messages.</summary>
    internal string Describe(Grid grid) => $"{Entry}, grid {grid}, block {Block}";
}

/// <summary>Blocks of a launch along three axes.</summary>
internal readonly record struct Grid(uint X, uint Y = 1, uint Z = 1)
{
    /// <summary>Blocks that cover a number of things, a number of them each.</summary>
    public static uint Blocks(long count, uint each) => checked((uint)((count + each - 1) / each));

    /// <summary>X x Y x Z.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{X} x {Y} x {Z}");
}
