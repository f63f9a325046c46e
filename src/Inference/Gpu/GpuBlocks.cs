using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Running;

namespace ReSTE.Native.Gpu;

/// <summary>Device memory that is laid out in parts: one allocation, or one a part, where nothing outside a part may be touched.</summary>
internal sealed class GpuBlocks : IDisposable
{
    private readonly CudaContext _context;
    private readonly int _times;
    private readonly Dictionary<long, nint>? _apart;
    private readonly nint _all;

    /// <param name="context">Where.</param>
    /// <param name="parts">What lies in it.</param>
    /// <param name="times">How often, each part by itself.</param>
    /// <param name="isApart">Whether each part has an allocation of its own.</param>
    /// <param name="purpose">What it is for, in messages.</param>
    public GpuBlocks(CudaContext context, IReadOnlyList<MemoryPart> parts, int times, bool isApart, string purpose)
    {
        (_context, _times) = (context, times);
        if (!isApart)
        {
            _all = context.Allocate(parts.Max(part => part.Start + part.Bytes) * times, purpose);
            return;
        }

        _apart = [];
        foreach (MemoryPart part in parts)
            _apart[part.Start] = context.Allocate(part.Bytes * times, purpose);
    }

    /// <summary>Device address of the part that begins at a place.</summary>
    public nint this[long place] => _apart == null ? _all + (nint)(place * _times) : _apart[place];

    /// <summary>Gives it back, once no work uses it any more.</summary>
    public void Dispose()
    {
        foreach (nint address in _apart?.Values.ToArray() ?? [_all])
            _context.Free(address);
    }
}
