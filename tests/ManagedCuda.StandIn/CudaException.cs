using ManagedCuda.BasicTypes;

namespace ManagedCuda;

/// <summary>A call to the driver failed.</summary>
public class CudaException : Exception
{
    public CudaException(CUResult error)
        : base(error.ToString()) => CudaError = error;

    public CudaException(string message)
        : base(message)
    {
    }

    /// <summary>What the call returned; success where the exception is about something else.</summary>
    public CUResult CudaError { get; set; }
}
