using System.Runtime.InteropServices;
using ReSTE.Native.Running;

namespace ReSTE.Native.Gpu;

/// <summary>What steps read and never write: weights and the numbers of channels, one after the other.</summary>
internal sealed class GpuConstants
{
    // What the widest loads of kernels want, and more.
    private const int Alignment = 64;

    private List<byte> _bytes = [];
    private readonly List<MemoryPart> _parts = [];

    /// <summary>All of it.</summary>
    public ReadOnlySpan<byte> Bytes => CollectionsMarshal.AsSpan(_bytes);

    /// <summary>The arrays.</summary>
    public IReadOnlyList<MemoryPart> Parts => _parts;

    /// <summary>Adds an array; returns where it begins.</summary>
    public long Add<T>(T[] values) where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes<T>(values);
        long start = _bytes.Count;
        _bytes.AddRange(bytes);
        _parts.Add(new MemoryPart(start, bytes.Length));
        CollectionsMarshal.SetCount(_bytes, checked((int)((_bytes.Count + (long)Alignment - 1) / Alignment * Alignment)));
        return start;
    }

    /// <summary>Lets go of the bytes, once they are on the GPU.</summary>
    public void Release() => _bytes = [];
}
