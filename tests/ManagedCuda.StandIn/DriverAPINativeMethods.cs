using System.Runtime.InteropServices;
using ManagedCuda.BasicTypes;

namespace ManagedCuda;

/// <summary>The driver's functions that are called here, of the library that the engine loads too.</summary>
public static unsafe partial class DriverAPINativeMethods
{
    private const string Library = "nvcuda";

    static DriverAPINativeMethods() =>
        NativeLibrary.SetDllImportResolver(typeof(DriverAPINativeMethods).Assembly, (_, _, _) => NativeLibrary.Load(
            Environment.GetEnvironmentVariable("RESTE_LIBCUDA") is { Length: > 0 } named ? named
                : OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1"));

    /// <summary>Throws what the published library throws where a call failed.</summary>
    internal static void Check(CUResult result)
    {
        if (result != CUResult.Success)
            throw new CudaException(result);
    }

    [LibraryImport(Library)]
    internal static partial CUResult cuInit(uint flags);

    [LibraryImport(Library)]
    internal static partial CUResult cuDeviceGet(out int device, int ordinal);

    [LibraryImport(Library)]
    internal static partial CUResult cuCtxCreate_v2(out nint context, uint flags, int device);

    [LibraryImport(Library)]
    internal static partial CUResult cuCtxDestroy_v2(nint context);

    [LibraryImport(Library)]
    internal static partial CUResult cuCtxSetCurrent(nint context);

    [LibraryImport(Library)]
    internal static partial CUResult cuStreamCreate(out nint stream, CUStreamFlags flags);

    [LibraryImport(Library)]
    internal static partial CUResult cuStreamDestroy_v2(nint stream);

    [LibraryImport(Library)]
    internal static partial CUResult cuStreamSynchronize(nint stream);

    [LibraryImport(Library)]
    internal static partial CUResult cuStreamWaitEvent(nint stream, nint @event, uint flags);

    [LibraryImport(Library)]
    internal static partial CUResult cuMemAlloc_v2(out nint address, nuint bytes);

    [LibraryImport(Library)]
    internal static partial CUResult cuMemFree_v2(nint address);

    [LibraryImport(Library)]
    internal static partial CUResult cuMemsetD8Async(nint address, byte value, nuint bytes, nint stream);

    [LibraryImport(Library)]
    internal static partial CUResult cuMemcpyHtoD_v2(nint target, void* source, nuint bytes);

    [LibraryImport(Library)]
    internal static partial CUResult cuMemcpyDtoH_v2(void* target, nint source, nuint bytes);

    [LibraryImport(Library)]
    internal static partial CUResult cuMemcpyDtoDAsync_v2(nint target, nint source, nuint bytes, nint stream);

    /// <summary>Functions about memory.</summary>
    public static partial class MemoryManagement
    {
        /// <summary>What the driver knows of an address; here the context that it was allocated in.</summary>
        public static CUResult cuPointerGetAttribute(ref CUcontext data, CUPointerAttribute attribute, CUdeviceptr ptr) =>
            PointerGetAttribute(ref data.Pointer, (int)attribute, ptr.Pointer);

        [LibraryImport(Library, EntryPoint = "cuPointerGetAttribute")]
        private static partial CUResult PointerGetAttribute(ref nint data, int attribute, nint address);
    }
}
