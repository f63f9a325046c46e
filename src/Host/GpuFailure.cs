using ReSTE.Native.Devices.Cuda;

namespace ReSTE.Native.Host;

/// <summary>What to do about a GPU that failed while computing.</summary>
internal static class GpuFailure
{
    /// <summary>What a kernel at fault ends with; the driver tells of it at some later call.</summary>
    private static readonly string[] Faults =
    [
        "CUDA_ERROR_ILLEGAL_ADDRESS", "CUDA_ERROR_ASSERT", "CUDA_ERROR_HARDWARE_STACK_ERROR", "CUDA_ERROR_ILLEGAL_INSTRUCTION",
        "CUDA_ERROR_MISALIGNED_ADDRESS", "CUDA_ERROR_INVALID_ADDRESS_SPACE", "CUDA_ERROR_INVALID_PC", "CUDA_ERROR_LAUNCH_FAILED",
    ];

    /// <summary>How to find the kernel at fault, unless that has been done, and what else there is to say.</summary>
    public static string? Hint(CudaException failure, string? details)
    {
        string?[] hints = [IsUnexplained(failure) ? $"run again with {CudaSettings.SynchronousVariable}=1 to see which kernel" : null, details];
        return hints.Any(hint => hint is not null) ? string.Join("; ", hints.Where(hint => hint is not null)) : null;
    }

    private static bool IsUnexplained(CudaException failure) =>
        Faults.Contains(failure.Status.Split(' ')[0]) && !CudaSettings.FromEnvironment().Synchronous;
}
