using System.Runtime.InteropServices;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// The functions of the driver library that the engine calls, as cuda.h declares them; blittable types only. <see cref="CudaLibrary.TryLoad"/>
/// comes before the first call. Device addresses are <c>nint</c>, every other handle too.
/// </summary>
internal static unsafe partial class CudaDriver
{
    private const string Library = CudaLibrary.ImportName;

    [LibraryImport(Library)]
    internal static partial CuResult cuInit(uint flags);

    [LibraryImport(Library)]
    internal static partial CuResult cuDriverGetVersion(out int version);

    [LibraryImport(Library)]
    internal static partial CuResult cuGetErrorName(CuResult error, out nint text);

    [LibraryImport(Library)]
    internal static partial CuResult cuGetErrorString(CuResult error, out nint text);

    [LibraryImport(Library)]
    internal static partial CuResult cuDeviceGetCount(out int count);

    [LibraryImport(Library)]
    internal static partial CuResult cuDeviceGet(out int device, int ordinal);

    [LibraryImport(Library)]
    internal static partial CuResult cuDeviceGetName(byte* name, int length, int device);

    [LibraryImport(Library)]
    internal static partial CuResult cuDeviceGetAttribute(out int value, CuDeviceAttribute attribute, int device);

    [LibraryImport(Library, EntryPoint = "cuDeviceTotalMem_v2")]
    internal static partial CuResult cuDeviceTotalMem(out nuint bytes, int device);

    [LibraryImport(Library)]
    internal static partial CuResult cuDevicePrimaryCtxRetain(out nint context, int device);

    [LibraryImport(Library, EntryPoint = "cuDevicePrimaryCtxRelease_v2")]
    internal static partial CuResult cuDevicePrimaryCtxRelease(int device);

    [LibraryImport(Library)]
    internal static partial CuResult cuCtxSetCurrent(nint context);

    [LibraryImport(Library)]
    internal static partial CuResult cuModuleLoadDataEx(out nint module, byte* image, uint optionCount, CuJitOption* options, nint* values);

    [LibraryImport(Library)]
    internal static partial CuResult cuModuleUnload(nint module);

    [LibraryImport(Library)]
    internal static partial CuResult cuModuleGetFunction(out nint function, nint module, byte* name);

    [LibraryImport(Library)]
    internal static partial CuResult cuFuncGetAttribute(out int value, CuFunctionAttribute attribute, nint function);

    [LibraryImport(Library, EntryPoint = "cuMemGetInfo_v2")]
    internal static partial CuResult cuMemGetInfo(out nuint free, out nuint total);

    [LibraryImport(Library, EntryPoint = "cuMemAlloc_v2")]
    internal static partial CuResult cuMemAlloc(out nint address, nuint bytes);

    [LibraryImport(Library, EntryPoint = "cuMemFree_v2")]
    internal static partial CuResult cuMemFree(nint address);

    [LibraryImport(Library)]
    internal static partial CuResult cuMemHostAlloc(out nint address, nuint bytes, uint flags);

    [LibraryImport(Library)]
    internal static partial CuResult cuMemFreeHost(nint address);

    [LibraryImport(Library)]
    internal static partial CuResult cuMemsetD8Async(nint address, byte value, nuint bytes, nint stream);

    [LibraryImport(Library, EntryPoint = "cuMemcpyHtoDAsync_v2")]
    internal static partial CuResult cuMemcpyHtoDAsync(nint device, void* host, nuint bytes, nint stream);

    [LibraryImport(Library, EntryPoint = "cuMemcpyDtoHAsync_v2")]
    internal static partial CuResult cuMemcpyDtoHAsync(void* host, nint device, nuint bytes, nint stream);

    [LibraryImport(Library)]
    internal static partial CuResult cuStreamCreate(out nint stream, CuStreamFlags flags);

    [LibraryImport(Library, EntryPoint = "cuStreamDestroy_v2")]
    internal static partial CuResult cuStreamDestroy(nint stream);

    [LibraryImport(Library)]
    internal static partial CuResult cuStreamSynchronize(nint stream);

    [LibraryImport(Library)]
    internal static partial CuResult cuStreamWaitEvent(nint stream, nint @event, uint flags);

    [LibraryImport(Library, EntryPoint = "cuStreamBeginCapture_v2")]
    internal static partial CuResult cuStreamBeginCapture(nint stream, CuCaptureMode mode);

    [LibraryImport(Library)]
    internal static partial CuResult cuStreamEndCapture(nint stream, out nint graph);

    [LibraryImport(Library)]
    internal static partial CuResult cuStreamIsCapturing(nint stream, out CuCaptureStatus status);

    [LibraryImport(Library)]
    internal static partial CuResult cuEventCreate(out nint @event, CuEventFlags flags);

    [LibraryImport(Library, EntryPoint = "cuEventDestroy_v2")]
    internal static partial CuResult cuEventDestroy(nint @event);

    [LibraryImport(Library)]
    internal static partial CuResult cuEventRecord(nint @event, nint stream);

    [LibraryImport(Library)]
    internal static partial CuResult cuEventQuery(nint @event);

    [LibraryImport(Library)]
    internal static partial CuResult cuEventSynchronize(nint @event);

    [LibraryImport(Library)]
    internal static partial CuResult cuEventElapsedTime(out float milliseconds, nint start, nint end);

    [LibraryImport(Library)]
    internal static partial CuResult cuGraphGetNodes(nint graph, nint* nodes, ref nuint count);

    [LibraryImport(Library)]
    internal static partial CuResult cuGraphInstantiateWithFlags(out nint executable, nint graph, ulong flags);

    [LibraryImport(Library)]
    internal static partial CuResult cuGraphExecDestroy(nint executable);

    [LibraryImport(Library)]
    internal static partial CuResult cuGraphDestroy(nint graph);

    [LibraryImport(Library)]
    internal static partial CuResult cuGraphLaunch(nint executable, nint stream);

    [LibraryImport(Library)]
    internal static partial CuResult cuLaunchKernel(nint function, uint gridX, uint gridY, uint gridZ, uint blockX, uint blockY, uint blockZ,
        uint sharedBytes, nint stream, void** parameters, void** extra);
}
