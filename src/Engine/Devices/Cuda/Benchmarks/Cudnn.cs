using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// A forward convolution of reals by cuDNN 9, in the engine's own order of channels (NHWC), in single precision with tf32 tensor cores
/// allowed, which is its default; by the algorithm that its own heuristics put first.
/// </summary>
internal sealed unsafe class Cudnn : IDisposable
{
    public const string Name = "cuDNN", Variable = "RESTE_LIBCUDNN";

    private readonly OptionalLibrary _library;
    private readonly delegate* unmanaged<nint, int> _destroy;
    private nint _handle;

    /// <summary>Throws <see cref="OptionalLibraryException"/> for what the library refuses.</summary>
    public Cudnn(OptionalLibrary library, nint stream)
    {
        _library = library;
        _destroy = (delegate* unmanaged<nint, int>)library.Function("cudnnDestroy");
        nint handle = 0;
        library.Check(((delegate* unmanaged<nint*, int>)library.Function("cudnnCreate"))(&handle), "cudnnCreate");
        _handle = handle;
        library.Check(((delegate* unmanaged<nint, nint, int>)library.Function("cudnnSetStream"))(handle, stream), "cudnnSetStream");
    }

    public static IReadOnlyList<string> Files { get; } = OperatingSystem.IsWindows() ? ["cudnn64_9.dll"] : ["libcudnn.so.9"];

    /// <summary>A convolution that can be queued again and again.</summary>
    public CudnnConvolution Convolution(in ConvGeometry g) => new(_library, _handle, g);

    public void Dispose()
    {
        if (_handle != 0)
            _ = _destroy(_handle);
        _handle = 0;
    }
}
