using System.Runtime.InteropServices;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Names and texts of status codes: the driver's where it is loaded, for it knows the newer ones, else the engine's.</summary>
internal static unsafe class CudaError
{
    /// <summary>The official name, such as CUDA_ERROR_OUT_OF_MEMORY.</summary>
    internal static string Name(CuResult result)
    {
        if (Enum.IsDefined(result))
            return result.ToString();
        nint text;
        return CudaLibrary.Driver is { } driver && driver.cuGetErrorName != null
            && driver.cuGetErrorName(result, &text) == CuResult.CUDA_SUCCESS && text != 0
            ? Marshal.PtrToStringUTF8(text)!
            : "unknown status";
    }

    /// <summary>The driver's words for it, such as "out of memory".</summary>
    internal static string Text(CuResult result)
    {
        nint text;
        if (CudaLibrary.Driver is { } driver && driver.cuGetErrorString != null
            && driver.cuGetErrorString(result, &text) == CuResult.CUDA_SUCCESS && text != 0)
            return Marshal.PtrToStringUTF8(text)!;
        return Name(result).Replace("CUDA_ERROR_", "", StringComparison.Ordinal).Replace('_', ' ').ToLowerInvariant();
    }

    /// <summary>What a failure of cuInit usually means and what helps, as one clause.</summary>
    internal static string InitMeaning(CuResult result) => result switch
    {
        CuResult.CUDA_ERROR_NO_DEVICE => "the driver reports no device",
        CuResult.CUDA_ERROR_STUB_LIBRARY =>
            $"the library found is the toolkit's stub and not a driver, {Status(result)}: take it out of the library path",
        CuResult.CUDA_ERROR_OPERATING_SYSTEM =>
            $"the driver's kernel module does not answer, {Status(result)}: load it, or give this user or container access to /dev/nvidia*",
        CuResult.CUDA_ERROR_SYSTEM_NOT_READY =>
            $"the driver is not ready, {Status(result)}: start the fabric manager (nvidia-fabricmanager)",
        CuResult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH =>
            $"the driver's kernel module and library are of different versions, {Status(result)}: restart the machine or reload the module",
        CuResult.CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE =>
            $"this GPU does not support the forward-compatibility library, {Status(result)}: "
            + "take it out of the library path or update the driver",
        CuResult.CUDA_ERROR_UNKNOWN => $"cuInit failed, {Status(result)}, often after a suspend: reload the kernel module nvidia_uvm",
        _ => $"cuInit failed, {Status(result)}: {Text(result)}",
    };

    /// <summary>Whether every later call in the context fails too: a fault on the GPU, or the driver's end.</summary>
    internal static bool BreaksContext(CuResult result) => result
        is CuResult.CUDA_ERROR_DEINITIALIZED or CuResult.CUDA_ERROR_ECC_UNCORRECTABLE or CuResult.CUDA_ERROR_ILLEGAL_ADDRESS
        or CuResult.CUDA_ERROR_LAUNCH_TIMEOUT or CuResult.CUDA_ERROR_CONTEXT_IS_DESTROYED or CuResult.CUDA_ERROR_ASSERT
        or (>= CuResult.CUDA_ERROR_HARDWARE_STACK_ERROR and <= CuResult.CUDA_ERROR_LAUNCH_FAILED);

    /// <summary>Whether a kernel did what it must not.</summary>
    internal static bool IsKernelFault(CuResult result) => result is CuResult.CUDA_ERROR_ILLEGAL_ADDRESS or CuResult.CUDA_ERROR_ASSERT
        or (>= CuResult.CUDA_ERROR_HARDWARE_STACK_ERROR and <= CuResult.CUDA_ERROR_LAUNCH_FAILED);

    private static string Status(CuResult result) => $"{Name(result)} ({(int)result})";
}
