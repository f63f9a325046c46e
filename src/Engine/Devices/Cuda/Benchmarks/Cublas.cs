namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// The product of real matrices by cuBLAS: y [M,O] = x [M,K] times the transpose of w [O,K], in single precision with tf32 tensor cores
/// allowed, the fastest that it has for such tensors.
/// </summary>
internal sealed unsafe class Cublas : IDisposable
{
    public const string Name = "cuBLAS", Variable = "RESTE_LIBCUBLAS";

    // CUBLAS_OP_N, CUBLAS_OP_T, CUBLAS_TF32_TENSOR_OP_MATH.
    private const int Plain = 0, Transposed = 1, AllowTf32 = 3;

    private readonly OptionalLibrary _library;
    private readonly delegate* unmanaged<nint, int, int, int, int, int, float*, nint, int, nint, int, float*, nint, int, int> _sgemm;
    private readonly delegate* unmanaged<nint, int> _destroy;
    private nint _handle;

    /// <summary>Throws <see cref="OptionalLibraryException"/> for what the library refuses.</summary>
    public Cublas(OptionalLibrary library, nint stream)
    {
        _library = library;
        var create = (delegate* unmanaged<nint*, int>)library.Function("cublasCreate_v2");
        var setStream = (delegate* unmanaged<nint, nint, int>)library.Function("cublasSetStream_v2");
        var setMathMode = (delegate* unmanaged<nint, int, int>)library.Function("cublasSetMathMode");
        _sgemm = (delegate* unmanaged<nint, int, int, int, int, int, float*, nint, int, nint, int, float*, nint, int, int>)
            library.Function("cublasSgemm_v2");
        _destroy = (delegate* unmanaged<nint, int>)library.Function("cublasDestroy_v2");
        nint handle = 0;
        library.Check(create(&handle), "cublasCreate_v2");
        _handle = handle;
        library.Check(setStream(handle, stream), "cublasSetStream_v2");
        library.Check(setMathMode(handle, AllowTf32), "cublasSetMathMode");
    }

    public static IReadOnlyList<string> Files { get; } = OperatingSystem.IsWindows()
        ? ["cublas64_13.dll", "cublas64_12.dll"] : ["libcublas.so.13", "libcublas.so.12"];

    /// <summary>Queues the product. To the library, which counts columns first, it is that of w, transposed, and x.</summary>
    public void Multiply(nint x, nint w, nint y, int m, int k, int o)
    {
        float one = 1, zero = 0;
        _library.Check(_sgemm(_handle, Transposed, Plain, o, m, k, &one, w, k, x, k, &zero, y, o), "cublasSgemm_v2");
    }

    public void Dispose()
    {
        if (_handle != 0)
            _ = _destroy(_handle);
        _handle = 0;
    }
}
