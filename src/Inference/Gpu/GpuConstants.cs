using System.Runtime.InteropServices;

namespace ReSTE.Native.Gpu;

/// <summary>What steps read and never write: weights and the numbers of channels, one after the other.</summary>
internal sealed class GpuConstants
{
    // What the widest loads of kernels want, and more.
    private const int Alignment = 64;

    private readonly List<byte> _bytes = [];

    /// <summary>All of it.</summary>
    public ReadOnlySpan<byte> Bytes => CollectionsMarshal.AsSpan(_bytes);

    /// <summary>Adds an array; returns where it begins.</summary>
    public long Add<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        long start = _bytes.Count;
        _bytes.AddRange(MemoryMarshal.AsBytes(values));
        CollectionsMarshal.SetCount(_bytes, checked((int)((_bytes.Count + (long)Alignment - 1) / Alignment * Alignment)));
        return start;
    }

    /// <summary>Adds an array; returns where it begins.</summary>
    public long Add<T>(T[] values) where T : unmanaged => Add<T>(values.AsSpan());
}
