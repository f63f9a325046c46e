using ReSTE.Native.Devices.Cuda;

namespace ReSTE.Native.Host;

/// <summary>What to do about a GPU that failed while computing.</summary>
internal static class GpuFailure
{
    /// <summary>How to find the kernel at fault, unless that has been done, and what else there is to say.</summary>
    public static string? Hint(CudaException failure, string? details)
    {
        var again = IsUnexplained(failure) ? $"run again with {CudaSettings.SynchronousVariable}=1 to see which kernel" : null;
        string?[] hints = [again, details];
        return hints.Any(hint => hint is not null) ? string.Join("; ", hints.Where(hint => hint is not null)) : null;
    }

    private static bool IsUnexplained(CudaException failure) => failure.IsKernelFault && !CudaSettings.FromEnvironment().Synchronous;
}
