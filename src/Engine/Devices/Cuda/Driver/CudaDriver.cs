using System.Runtime.InteropServices;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// The functions of a driver library that the engine calls, as cuda.h declares them: one table of pointers, filled once, blittable types
/// only. Device addresses are <c>nint</c>, every other handle too. A pointer whose function the library lacks is null:
/// <see cref="Incomplete"/> is asked first, and <see cref="cuLaunchKernelEx"/> itself, which came with CUDA 11.8.
/// </summary>
internal sealed unsafe class CudaDriver
{
    internal readonly delegate* unmanaged<uint, CuResult> cuInit;
    internal readonly delegate* unmanaged<int*, CuResult> cuDriverGetVersion;
    internal readonly delegate* unmanaged<CuResult, nint*, CuResult> cuGetErrorName;
    internal readonly delegate* unmanaged<CuResult, nint*, CuResult> cuGetErrorString;
    internal readonly delegate* unmanaged<int*, CuResult> cuDeviceGetCount;
    internal readonly delegate* unmanaged<int*, int, CuResult> cuDeviceGet;
    internal readonly delegate* unmanaged<byte*, int, int, CuResult> cuDeviceGetName;
    internal readonly delegate* unmanaged<int*, CuDeviceAttribute, int, CuResult> cuDeviceGetAttribute;
    internal readonly delegate* unmanaged<nuint*, int, CuResult> cuDeviceTotalMem;
    internal readonly delegate* unmanaged<nint*, int, CuResult> cuDevicePrimaryCtxRetain;
    internal readonly delegate* unmanaged<int, CuResult> cuDevicePrimaryCtxRelease;
    internal readonly delegate* unmanaged<int*, CuResult> cuCtxGetDevice;
    internal readonly delegate* unmanaged<nint, CuResult> cuCtxSetCurrent;
    internal readonly delegate* unmanaged<nint*, byte*, uint, CuJitOption*, nint*, CuResult> cuModuleLoadDataEx;
    internal readonly delegate* unmanaged<nint, CuResult> cuModuleUnload;
    internal readonly delegate* unmanaged<nint*, nint, byte*, CuResult> cuModuleGetFunction;
    internal readonly delegate* unmanaged<int*, CuFunctionAttribute, nint, CuResult> cuFuncGetAttribute;
    internal readonly delegate* unmanaged<nuint*, nuint*, CuResult> cuMemGetInfo;
    internal readonly delegate* unmanaged<nint*, nuint, CuResult> cuMemAlloc;
    internal readonly delegate* unmanaged<nint, CuResult> cuMemFree;
    internal readonly delegate* unmanaged<nint*, nuint, uint, CuResult> cuMemHostAlloc;
    internal readonly delegate* unmanaged<nint, CuResult> cuMemFreeHost;
    internal readonly delegate* unmanaged<nint, byte, nuint, nint, CuResult> cuMemsetD8Async;
    internal readonly delegate* unmanaged<nint, void*, nuint, nint, CuResult> cuMemcpyHtoDAsync;
    internal readonly delegate* unmanaged<void*, nint, nuint, nint, CuResult> cuMemcpyDtoHAsync;
    internal readonly delegate* unmanaged<nint*, CuStreamFlags, CuResult> cuStreamCreate;
    internal readonly delegate* unmanaged<nint, CuResult> cuStreamDestroy;
    internal readonly delegate* unmanaged<nint, CuResult> cuStreamSynchronize;
    internal readonly delegate* unmanaged<nint, nint, uint, CuResult> cuStreamWaitEvent;
    internal readonly delegate* unmanaged<nint, CuCaptureMode, CuResult> cuStreamBeginCapture;
    internal readonly delegate* unmanaged<nint, nint*, CuResult> cuStreamEndCapture;
    internal readonly delegate* unmanaged<nint, CuCaptureStatus*, CuResult> cuStreamIsCapturing;
    internal readonly delegate* unmanaged<nint*, CuEventFlags, CuResult> cuEventCreate;
    internal readonly delegate* unmanaged<nint, CuResult> cuEventDestroy;
    internal readonly delegate* unmanaged<nint, nint, CuResult> cuEventRecord;
    internal readonly delegate* unmanaged<nint, CuResult> cuEventQuery;
    internal readonly delegate* unmanaged<nint, CuResult> cuEventSynchronize;
    internal readonly delegate* unmanaged<float*, nint, nint, CuResult> cuEventElapsedTime;
    internal readonly delegate* unmanaged<nint, nint*, nuint*, CuResult> cuGraphGetNodes;
    internal readonly delegate* unmanaged<nint*, nint, ulong, CuResult> cuGraphInstantiateWithFlags;
    internal readonly delegate* unmanaged<nint, CuResult> cuGraphExecDestroy;
    internal readonly delegate* unmanaged<nint, CuResult> cuGraphDestroy;
    internal readonly delegate* unmanaged<nint, nint, CuResult> cuGraphLaunch;
    internal readonly delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, CuResult> cuLaunchKernel;
    internal readonly delegate* unmanaged<CuLaunchConfig*, nint, void**, void**, CuResult> cuLaunchKernelEx;

    private readonly nint _library;
    private readonly List<string> _missing = [];

    /// <summary>Looks all of them up in a library, which stays loaded.</summary>
    internal CudaDriver(nint library, string path)
    {
        (_library, Path) = (library, path);
        cuInit = (delegate* unmanaged<uint, CuResult>)Find("cuInit");
        cuDriverGetVersion = (delegate* unmanaged<int*, CuResult>)Find("cuDriverGetVersion");
        cuGetErrorName = (delegate* unmanaged<CuResult, nint*, CuResult>)Find("cuGetErrorName");
        cuGetErrorString = (delegate* unmanaged<CuResult, nint*, CuResult>)Find("cuGetErrorString");
        cuDeviceGetCount = (delegate* unmanaged<int*, CuResult>)Find("cuDeviceGetCount");
        cuDeviceGet = (delegate* unmanaged<int*, int, CuResult>)Find("cuDeviceGet");
        cuDeviceGetName = (delegate* unmanaged<byte*, int, int, CuResult>)Find("cuDeviceGetName");
        cuDeviceGetAttribute = (delegate* unmanaged<int*, CuDeviceAttribute, int, CuResult>)Find("cuDeviceGetAttribute");
        cuDeviceTotalMem = (delegate* unmanaged<nuint*, int, CuResult>)Find("cuDeviceTotalMem_v2");
        cuDevicePrimaryCtxRetain = (delegate* unmanaged<nint*, int, CuResult>)Find("cuDevicePrimaryCtxRetain");
        cuDevicePrimaryCtxRelease = (delegate* unmanaged<int, CuResult>)Find("cuDevicePrimaryCtxRelease_v2");
        cuCtxGetDevice = (delegate* unmanaged<int*, CuResult>)Find("cuCtxGetDevice");
        cuCtxSetCurrent = (delegate* unmanaged<nint, CuResult>)Find("cuCtxSetCurrent");
        cuModuleLoadDataEx = (delegate* unmanaged<nint*, byte*, uint, CuJitOption*, nint*, CuResult>)Find("cuModuleLoadDataEx");
        cuModuleUnload = (delegate* unmanaged<nint, CuResult>)Find("cuModuleUnload");
        cuModuleGetFunction = (delegate* unmanaged<nint*, nint, byte*, CuResult>)Find("cuModuleGetFunction");
        cuFuncGetAttribute = (delegate* unmanaged<int*, CuFunctionAttribute, nint, CuResult>)Find("cuFuncGetAttribute");
        cuMemGetInfo = (delegate* unmanaged<nuint*, nuint*, CuResult>)Find("cuMemGetInfo_v2");
        cuMemAlloc = (delegate* unmanaged<nint*, nuint, CuResult>)Find("cuMemAlloc_v2");
        cuMemFree = (delegate* unmanaged<nint, CuResult>)Find("cuMemFree_v2");
        cuMemHostAlloc = (delegate* unmanaged<nint*, nuint, uint, CuResult>)Find("cuMemHostAlloc");
        cuMemFreeHost = (delegate* unmanaged<nint, CuResult>)Find("cuMemFreeHost");
        cuMemsetD8Async = (delegate* unmanaged<nint, byte, nuint, nint, CuResult>)Find("cuMemsetD8Async");
        cuMemcpyHtoDAsync = (delegate* unmanaged<nint, void*, nuint, nint, CuResult>)Find("cuMemcpyHtoDAsync_v2");
        cuMemcpyDtoHAsync = (delegate* unmanaged<void*, nint, nuint, nint, CuResult>)Find("cuMemcpyDtoHAsync_v2");
        cuStreamCreate = (delegate* unmanaged<nint*, CuStreamFlags, CuResult>)Find("cuStreamCreate");
        cuStreamDestroy = (delegate* unmanaged<nint, CuResult>)Find("cuStreamDestroy_v2");
        cuStreamSynchronize = (delegate* unmanaged<nint, CuResult>)Find("cuStreamSynchronize");
        cuStreamWaitEvent = (delegate* unmanaged<nint, nint, uint, CuResult>)Find("cuStreamWaitEvent");
        cuStreamBeginCapture = (delegate* unmanaged<nint, CuCaptureMode, CuResult>)Find("cuStreamBeginCapture_v2");
        cuStreamEndCapture = (delegate* unmanaged<nint, nint*, CuResult>)Find("cuStreamEndCapture");
        cuStreamIsCapturing = (delegate* unmanaged<nint, CuCaptureStatus*, CuResult>)Find("cuStreamIsCapturing");
        cuEventCreate = (delegate* unmanaged<nint*, CuEventFlags, CuResult>)Find("cuEventCreate");
        cuEventDestroy = (delegate* unmanaged<nint, CuResult>)Find("cuEventDestroy_v2");
        cuEventRecord = (delegate* unmanaged<nint, nint, CuResult>)Find("cuEventRecord");
        cuEventQuery = (delegate* unmanaged<nint, CuResult>)Find("cuEventQuery");
        cuEventSynchronize = (delegate* unmanaged<nint, CuResult>)Find("cuEventSynchronize");
        cuEventElapsedTime = (delegate* unmanaged<float*, nint, nint, CuResult>)Find("cuEventElapsedTime");
        cuGraphGetNodes = (delegate* unmanaged<nint, nint*, nuint*, CuResult>)Find("cuGraphGetNodes");
        cuGraphInstantiateWithFlags = (delegate* unmanaged<nint*, nint, ulong, CuResult>)Find("cuGraphInstantiateWithFlags");
        cuGraphExecDestroy = (delegate* unmanaged<nint, CuResult>)Find("cuGraphExecDestroy");
        cuGraphDestroy = (delegate* unmanaged<nint, CuResult>)Find("cuGraphDestroy");
        cuGraphLaunch = (delegate* unmanaged<nint, nint, CuResult>)Find("cuGraphLaunch");
        cuLaunchKernel =
            (delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, CuResult>)Find("cuLaunchKernel");
        cuLaunchKernelEx = (delegate* unmanaged<CuLaunchConfig*, nint, void**, void**, CuResult>)FindOptional("cuLaunchKernelEx");
    }

    /// <summary>The library's file.</summary>
    internal string Path { get; }

    /// <summary>Null where the library has every function, else one clause that names the first it lacks.</summary>
    internal string? Incomplete => _missing.Count switch
    {
        0 => null,
        1 => $"the driver library {Path} has no function {_missing[0]}",
        _ => $"the driver library {Path} has no function {_missing[0]}, nor {_missing.Count - 1} others",
    };

    private nint Find(string name)
    {
        nint address = FindOptional(name);
        if (address == 0)
            _missing.Add(name);
        return address;
    }

    private nint FindOptional(string name) => NativeLibrary.TryGetExport(_library, name, out nint address) ? address : 0;
}
