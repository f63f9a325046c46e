using System.Globalization;
using ReSTE.Native.Messages;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// One NVIDIA GPU, of compute capability 8.0 or newer, driven through its primary context and a stream of its own, or through those that a
/// host lends. Work is asked for and runs while the host goes on: reading a tensor, or <see cref="Synchronize"/>, waits for it. It serves
/// one thread at a time.
/// </summary>
public sealed class CudaDevice : Device
{
    private readonly CudaContext _context;
    private readonly KernelModules _modules;
    private readonly CudaStream _stream;
    private readonly CudaCommonMemory _common;
    private readonly CudaKernels _kernels;
    private readonly bool _synchronous;
    private bool _disposed;

    private CudaDevice(
        CudaContext context, KernelImages images, bool synchronous, KernelForms forms, bool dependentLaunches, CudaHost? host)
    {
        _context = context;
        _synchronous = synchronous;
        if (host != null)
            LentStream.Check(context, host);
        _modules = new KernelModules(context, images);
        try
        {
            if (dependentLaunches)
                DependentLaunches = DependentLaunchRule.Of(context, _modules, synchronous);
            _stream = new CudaStream(context, _modules, synchronous, host?.Stream ?? 0,
                dependent: DependentLaunches == DependentLaunches.Used);
            _common = new CudaCommonMemory(context, _stream);
        }
        catch
        {
            _stream?.Dispose();
            _modules.Dispose();
            throw;
        }

        _kernels = new CudaKernels(_stream, _modules, context.Info, forms, _common);
        CudaDeviceInfo info = context.Info;
        string kind = _modules.Loaded.FirstOrDefault(file => !file.EndsWith(".ptx", StringComparison.Ordinal)) is { } binary
            ? binary.Split('.')[^2] : "PTX";
        Description = string.Create(CultureInfo.InvariantCulture, $"cuda:{info.Ordinal}: {info.Place}, "
            + $"compute capability {info.Capability}, {ByteSize.Text(info.TotalMemory)}, "
            + $"kernels {kind} {_modules.Digest}, {forms}{(synchronous ? ", every launch waited for" : "")}"
            + $"{DependentLaunchRule.Text(DependentLaunches)}");
    }

    /// <inheritdoc/>
    public override string Name => string.Create(CultureInfo.InvariantCulture, $"cuda:{_context.Info.Ordinal}");

    /// <inheritdoc/>
    public override string Description { get; }

    /// <inheritdoc/>
    internal override ElementType Real => ElementType.Float32;

    /// <inheritdoc/>
    internal override IKernels Kernels => _kernels;

    internal override long Launches => _kernels.Launches;

    /// <summary>Whether launches of a captured step overlap, or why not.</summary>
    internal DependentLaunches DependentLaunches { get; }

    /// <summary>
    /// What the driver says is free; null where a host lends the memory, whose pools the driver's figure knows nothing of.
    /// </summary>
    public override DeviceMemory? Memory
    {
        get
        {
            if (_context.MemoryIsLent)
                return null;
            var (free, total) = _context.Memory();
            return new DeviceMemory(free, total, MemoryOwner.Device);
        }
    }

    /// <summary>
    /// Opens a GPU by its number and loads every kernel, so that what is wrong with an image shows at once. Throws
    /// <see cref="CudaException"/> for what the driver refuses and <see cref="InvalidOperationException"/> where there is no such GPU or
    /// no image.
    /// </summary>
    /// <param name="ordinal">The driver's number of the GPU.</param>
    /// <param name="kernelFolder">A folder whose images stand in for the embedded ones; null for those.</param>
    /// <param name="synchronous">
    /// Waits after every launch, and captures nothing: slow, but a failure names its kernel, shapes and arguments.
    /// </param>
    /// <param name="plainKernels">Leaves tensor cores alone: slow, but every product and sum is in single precision.</param>
    /// <param name="tf32">
    /// Convolutions of reals with reals take every number as one of tf32, good to 2^-11 of it, instead of in bf16 parts, three forward,
    /// which are exact, and two for gradients, good to 2^-17: faster and coarser. Without effect where <paramref name="plainKernels"/> is
    /// set.
    /// </param>
    /// <param name="dependentLaunches">
    /// Lets each kernel of a captured step be made ready while the one before still runs, for which it waits by itself: same bits. It
    /// needs compute capability 9.0, a driver that supports CUDA 12.3 and kernels compiled for such GPUs; elsewhere nothing changes, and
    /// <see cref="Description"/> says why.
    /// </param>
    public static CudaDevice Open(int ordinal = 0, string? kernelFolder = null, bool synchronous = false,
        bool plainKernels = false, bool tf32 = false, bool dependentLaunches = false)
    {
        var context = new CudaContext(ordinal);
        return Open(context, kernelFolder, synchronous, new(plainKernels, tf32, context.Info.SignForm), dependentLaunches, host: null);
    }

    /// <summary>
    /// Opens the first GPU with a form of multiplying signs that need not be its own, null for that, and a bound for
    /// <see cref="KernelForms.FewestImageBlocks"/>, null for the usual one.
    /// </summary>
    internal static CudaDevice Open(SignForm? signs, int? fewestImageBlocks, string? kernelFolder)
    {
        var context = new CudaContext(0);
        var forms = new KernelForms(Plain: false, Tf32: false, signs ?? context.Info.SignForm);
        forms = forms with { FewestImageBlocks = fewestImageBlocks ?? forms.FewestImageBlocks };
        return Open(context, kernelFolder, synchronous: false, forms, dependentLaunches: false, host: null);
    }

    /// <summary>
    /// Opens the GPU of a context that the host already has, on its stream and in its memory where it lends them; see
    /// <see cref="CudaHost"/>. Throws as <see cref="Open(int, string?, bool, bool, bool, bool)"/> does, and
    /// <see cref="ArgumentException"/> for a stream of another context.
    /// </summary>
    /// <param name="host">What the host lends; none of it is destroyed.</param>
    /// <param name="kernelFolder">A folder whose images stand in for the embedded ones; null for those.</param>
    /// <param name="synchronous">
    /// Waits after every launch, and captures nothing: slow, but a failure names its kernel, shapes and arguments.
    /// </param>
    /// <param name="plainKernels">Leaves tensor cores alone: slow, but every product and sum is in single precision.</param>
    /// <param name="tf32">
    /// Convolutions of reals with reals take every number as one of tf32, good to 2^-11 of it, instead of in bf16 parts, three forward,
    /// which are exact, and two for gradients, good to 2^-17: faster and coarser. Without effect where <paramref name="plainKernels"/> is
    /// set.
    /// </param>
    /// <param name="dependentLaunches">
    /// Lets each kernel of a captured step be made ready while the one before still runs, for which it waits by itself: same bits. It
    /// needs compute capability 9.0, a driver that supports CUDA 12.3 and kernels compiled for such GPUs; elsewhere nothing changes, and
    /// <see cref="Description"/> says why.
    /// </param>
    public static CudaDevice OpenOn(CudaHost host, string? kernelFolder = null, bool synchronous = false, bool plainKernels = false,
        bool tf32 = false, bool dependentLaunches = false)
    {
        ArgumentNullException.ThrowIfNull(host);
        // CU_STREAM_DEFAULT and CU_STREAM_LEGACY.
        if (host.Stream is 0 or 1)
        {
            throw new ArgumentException(
                "the host's stream is the default stream, which no graph can be captured from: lend another, or null", nameof(host));
        }

        var context = new CudaContext(host);
        return Open(context, kernelFolder, synchronous, new(plainKernels, tf32, context.Info.SignForm), dependentLaunches, host);
    }

    private static CudaDevice Open(
        CudaContext context, string? kernelFolder, bool synchronous, KernelForms forms, bool dependentLaunches, CudaHost? host)
    {
        try
        {
            KernelImages images = kernelFolder == null ? KernelImages.Embedded : KernelImages.FromFolder(kernelFolder);
            return new CudaDevice(context, images, synchronous, forms, dependentLaunches, host);
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Synchronize() => _stream.Synchronize();

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (!_disposed && _stream.Drain())
            _common.Dispose();
        _disposed = true;
        _stream.Dispose();
        _modules.Dispose();
        _context.Dispose();
    }

    internal override bool IsOutOfMemory(Exception problem) =>
        base.IsOutOfMemory(problem) || problem is CudaException
        {
            Result: CuResult.CUDA_ERROR_OUT_OF_MEMORY,
            Call: not nameof(CudaDriver.cuMemHostAlloc), // that is the host's page-locked memory
        };

    internal override nint Allocate(long bytes)
    {
        nint address = _context.Allocate(bytes);
        try
        {
            _stream.Fill(address, 0, bytes);
            return address;
        }
        catch
        {
            _context.Free(address);
            throw;
        }
    }

    // Work that uses it may still be on its way. A GPU that has failed gives nothing back before the process ends; what it failed with is
    // known by then.
    internal override void Free(nint address)
    {
        if (_stream.Drain())
            _context.Free(address);
    }

    internal override void Fill(nint address, byte value, long bytes) => _stream.Fill(address, value, bytes);

    internal override void Upload(nint address, ReadOnlySpan<byte> bytes) => _stream.Upload(address, bytes);

    internal override void Download(nint address, Span<byte> bytes) => _stream.Download(address, bytes);

    internal override Replay Prepare(string name, Action<IKernels> operations) => _synchronous
        ? base.Prepare(name, operations)
        : new CudaReplay(_stream.Capture(name, () => operations(_kernels)));

    internal override IReadOnlyList<RecordedLaunch> List(string name, Action<IKernels, LaunchLog> operations)
    {
        var log = new LaunchLog();
        _kernels.Log = log;
        try
        {
            _stream.Capture(name, () => operations(_kernels, log)).Dispose();
        }
        finally
        {
            _kernels.Log = null;
        }

        return log.Launches;
    }

    internal override WorkTimer NewTimer() => new CudaTimer(_context, _stream, _kernels);

    internal override Staging NewStaging(IReadOnlyList<Tensor> rings, int slots) =>
        new CudaStaging(_stream, new CudaStream(_context, _modules), rings, slots);

    internal override Mailbox NewMailbox(Tensor tensor) => new CudaMailbox(_stream, tensor);
}
