using ManagedCuda.BasicTypes;
using CudaException = ReSTE.Native.Devices.Cuda.CudaException;

namespace ReSTE.Native.Adapters.ManagedCuda;

/// <summary>The same failures of the driver, in ManagedCuda's exceptions and in the engine's.</summary>
public static class HostErrors
{
    // CUDA_ERROR_UNKNOWN
    private const int Unknown = 999;

    /// <summary>ManagedCuda's exception as the engine's, with the driver's code and the original inside.</summary>
    /// <param name="failed">What ManagedCuda threw.</param>
    /// <param name="call">The function that failed, which it does not say.</param>
    /// <param name="detail">What was under way; may be empty.</param>
    public static CudaException ToEngine(this global::ManagedCuda.CudaException failed, string call, string detail = "")
    {
        ArgumentNullException.ThrowIfNull(failed);
        // Some are about no call, and say success.
        return failed.CudaError == CUResult.Success
            ? new CudaException(Unknown, call, detail.Length == 0 ? failed.Message : $"{detail}: {failed.Message}", failed)
            : new CudaException((int)failed.CudaError, call, detail, failed);
    }

    /// <summary>The driver's code in an exception of the engine's, as ManagedCuda names it.</summary>
    /// <param name="failed">What the engine threw.</param>
    public static CUResult Result(this CudaException failed)
    {
        ArgumentNullException.ThrowIfNull(failed);
        return (CUResult)failed.Code;
    }

    /// <summary>Calls the host's code, and throws the engine's exception for ManagedCuda's.</summary>
    internal static T Translated<T>(string call, string detail, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (global::ManagedCuda.CudaException failed)
        {
            throw failed.ToEngine(call, detail);
        }
    }
}
