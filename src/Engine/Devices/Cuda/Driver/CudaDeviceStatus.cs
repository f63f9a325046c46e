namespace ReSTE.Native.Devices.Cuda;

/// <summary>One GPU, and one clause that says why the engine cannot use it; null where it can.</summary>
sealed partial record CudaDeviceStatus(CudaDeviceInfo Info, string? WhyNot)
{
    /// <summary>The oldest generation the kernels are compiled for.</summary>
    internal const int OldestMajor = 8;

    // CU_COMPUTEMODE_PROHIBITED
    private const int Prohibited = 2;

    /// <summary>Judges a GPU by what the driver says of it.</summary>
    internal static CudaDeviceStatus Of(CudaDeviceInfo info, int computeMode)
    {
        if (info.Major < OldestMajor)
            return new CudaDeviceStatus(info, $"compute capability {info.Capability} is older than {OldestMajor}.0");
        return new CudaDeviceStatus(info, computeMode == Prohibited ? "its compute mode is Prohibited: set it with nvidia-smi -c DEFAULT"
            : null);
    }
}
