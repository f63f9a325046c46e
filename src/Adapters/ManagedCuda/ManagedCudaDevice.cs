using ManagedCuda;
using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Training;

namespace ReSTE.Native.Adapters.ManagedCuda;

/// <summary>
/// The engine on a GPU that a program drives by ManagedCuda: in its context, on its stream. It destroys none of what it was given, and the
/// program keeps all of it until this is disposed of. One thread at a time.
/// </summary>
public sealed class ManagedCudaDevice : IDisposable
{
    private readonly CudaContext _context;
    private readonly CudaStream? _stream;

    private ManagedCudaDevice(CudaContext context, CudaStream? stream, CudaDevice device) =>
        (_context, _stream, Device) = (context, stream, device);

    /// <summary>The device, for trainers and predictors. Calls to it make the context current on their thread, and leave it so.</summary>
    public CudaDevice Device { get; }

    /// <summary>Opens the GPU of a context and loads every kernel into that context.</summary>
    /// <param name="context">A <c>CudaContext</c>, <c>PrimaryContext</c> among them.</param>
    /// <param name="stream">
    /// A stream of that context, where the work is queued, after what the program has queued before and before what it queues later. It
    /// must not be capturing at any call. Null for a stream of the device's own, which is ordered with nothing.
    /// </param>
    /// <param name="allocator">
    /// Where device memory comes from; null for the driver's own allocator. A <see cref="global::ManagedCuda.CudaException"/> out of it
    /// becomes the engine's, so that memory that runs out is told as such.
    /// </param>
    /// <param name="kernelFolder">A folder whose images stand in for the embedded ones; null for those.</param>
    /// <param name="synchronous">Waits after every launch, and captures nothing: slow, but a failure names its kernel.</param>
    /// <param name="plainKernels">Leaves tensor cores alone.</param>
    /// <exception cref="ObjectDisposedException">The context or the stream is disposed of.</exception>
    /// <exception cref="ArgumentException">The stream is of another context, or is the default stream.</exception>
    /// <exception cref="InvalidOperationException">The GPU is too old, or the stream is capturing.</exception>
    /// <exception cref="Devices.Cuda.CudaException">The driver refuses something.</exception>
    public static ManagedCudaDevice Open(CudaContext context, CudaStream? stream = null, CudaAllocator? allocator = null,
        string? kernelFolder = null, bool synchronous = false, bool plainKernels = false)
    {
        ArgumentNullException.ThrowIfNull(context);
        HostObjects.Check(context);
        if (stream != null)
            HostObjects.Check(stream);
        var host = new CudaHost
        {
            Context = context.Context.Pointer,
            Stream = stream?.Stream.Pointer,
            Allocator = allocator == null ? null : Translated(allocator),
        };
        return new ManagedCudaDevice(context, stream, CudaDevice.OpenOn(host, kernelFolder, synchronous, plainKernels));
    }

    /// <summary>
    /// Has a predictor read its images from one variable and write its scores to another, where they are: <see cref="Predictor.BatchSize"/>
    /// images at once, no copies.
    /// </summary>
    /// <param name="predictor">One on <see cref="Device"/>.</param>
    /// <param name="images">Bytes [batch, height, width, channels], no more and no fewer.</param>
    /// <param name="scores">Raw scores [batch, classes], no more and no fewer.</param>
    /// <exception cref="ObjectDisposedException">One of them is disposed of.</exception>
    /// <exception cref="ArgumentException">The predictor is on another device; a variable has another length, or is of another context.
    /// </exception>
    public VariablePredictor Bind(Predictor predictor, CudaDeviceVariable<byte> images, CudaDeviceVariable<float> scores)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        if (predictor.Device != Device)
            throw new ArgumentException($"the predictor runs on {predictor.Device.Description}, not on this device", nameof(predictor));
        var theirs = new HostVariable<byte>(images, nameof(images), _context, _stream);
        var ours = new HostVariable<float>(scores, nameof(scores), _context, _stream);
        string batch = $"a batch of {predictor.BatchSize}";
        theirs.CheckLength((long)predictor.BatchSize * predictor.Shape.Bytes, $"{batch} images of {predictor.Shape}");
        ours.CheckLength((long)predictor.BatchSize * predictor.Classes, $"{batch} images in {predictor.Classes} classes");
        theirs.CheckContext();
        ours.CheckContext();
        return new VariablePredictor(theirs, ours, predictor.Bind(theirs.Address, ours.Address));
    }

    /// <summary>Gives back what the device made; dispose of predictors and trainers first, of context and stream later.</summary>
    public void Dispose() => Device.Dispose();

    private static CudaAllocator Translated(CudaAllocator allocator) => new(
        bytes => HostErrors.Translated("the host's allocator", $"{bytes} bytes", () => allocator.Allocate(bytes)),
        address => HostErrors.Translated("the host's allocator", "giving memory back", () =>
        {
            allocator.Free(address);
            return 0;
        }));
}
