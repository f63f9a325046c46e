namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// Device memory that launches share, one after another: every kernel that uses it finds zeros and leaves zeros. That is how the blocks of
/// a launch can meet without another launch that prepares it.
/// </summary>
internal sealed class CommonMemory : IDisposable
{
    /// <summary>Channels that there are sums for.</summary>
    public const int MostChannels = 2048;

    private const int SumBytes = 2 * MostChannels * sizeof(ulong), Bytes = SumBytes + 64;

    private readonly CudaContext _context;

    /// <summary>Takes the memory.</summary>
    /// <param name="context">Of the device.</param>
    /// <param name="stream">What clears it.</param>
    public CommonMemory(CudaContext context, CudaStream stream)
    {
        _context = context;
        Sums = context.Allocate(Bytes);
        stream.Fill(Sums, 0, Bytes);
    }

    /// <summary>Whole numbers of 64 bits, two a channel.</summary>
    public nint Sums { get; }

    /// <summary>The number of blocks that have finished, of 32 bits.</summary>
    public nint Ticket => Sums + SumBytes;

    /// <summary>Gives it back; the stream has nothing more to do.</summary>
    public void Dispose() => _context.Free(Sums);
}
