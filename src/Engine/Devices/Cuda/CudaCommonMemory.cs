namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// Device memory that launches share, one after another, so that the blocks of a launch can meet without another launch that prepares it.
/// </summary>
internal sealed class CudaCommonMemory : IDisposable
{
    /// <summary>Channels that there are sums for, and groups that there are shares for.</summary>
    public const int MostChannels = 2048;

    /// <summary>Blocks that there are partial sums for.</summary>
    public const uint MostBlocks = 264;

    /// <summary>Groups of blocks that there are tickets for.</summary>
    public const uint MostTickets = 1024;

    /// <summary>Blocks of a layer that there are partial sums for, where a launch takes many layers.</summary>
    public const uint MostLayerBlocks = 512;

    private const int SumBytes = 2 * MostChannels * sizeof(ulong), TicketBytes = 64, PartialBytes = (int)MostBlocks * sizeof(double);
    private const int ShareBytes = MostChannels * sizeof(float);
    private const int GroupTicketBytes = (int)MostTickets * sizeof(uint);
    private const int LayerPartialBytes = SignLayersArgument.Most * (int)MostLayerBlocks * sizeof(double);

    private readonly CudaContext _context;
    private readonly nint _address;

    /// <summary>Takes the memory.</summary>
    /// <param name="context">Of the device.</param>
    /// <param name="stream">What clears it.</param>
    public CudaCommonMemory(CudaContext context, CudaStream stream)
    {
        _context = context;
        _address = context.Allocate(SumBytes + TicketBytes + GroupTicketBytes + PartialBytes + ShareBytes + LayerPartialBytes);
        stream.Fill(_address, 0, SumBytes + TicketBytes + GroupTicketBytes);
    }

    /// <summary>Whole numbers, two a channel: every kernel that uses them finds zeros and leaves zeros.</summary>
    public Ptr<ulong> Sums => new(_address);

    /// <summary>The number of blocks that have finished: zero between launches.</summary>
    public Ptr<uint> Ticket => new(_address + SumBytes);

    /// <summary>As <see cref="Ticket"/>, one a group of the blocks of a launch: those of a layer, or of some channels.</summary>
    public Ptr<uint> Tickets => new(_address + SumBytes + TicketBytes);

    /// <summary>A number a block.</summary>
    public Ptr<double> Partial => new(Tickets.Address + GroupTicketBytes);

    /// <summary>A number a group, or a layer, from one launch to the next.</summary>
    public Ptr<float> Shares => new(Partial.Address + PartialBytes);

    /// <summary>A number a block of each layer of a launch, or as many of other partial sums.</summary>
    public Ptr<double> LayerPartial => new(Shares.Address + ShareBytes);

    /// <summary>Gives it back; the stream has nothing more to do.</summary>
    public void Dispose() => _context.Free(_address);
}
