using ReSTE.Native.Messages;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>A driver call failed. The message is one line: the call, what was under way, the status, the driver's own text.</summary>
sealed partial class CudaException : Exception
{
    /// <summary>A failure that a host's own call to the driver has met, such as its allocator's.</summary>
    /// <param name="status">The driver's number for it, not 0.</param>
    /// <param name="call">The function that failed.</param>
    /// <param name="detail">What was under way; may be empty.</param>
    /// <param name="inner">What the host threw; null for nothing.</param>
    public CudaException(int status, string call, string detail = "", Exception? inner = null)
        : this((CuResult)status, call, detail, inner)
    {
    }

    internal CudaException(CuResult result, string call, string detail, Exception? inner = null)
        : base(OneLine.Of(
            $"{call}{(detail.Length == 0 ? "" : $"({detail})")}: {CudaError.Name(result)} ({(int)result}): {CudaError.Text(result)}"),
            inner)
    {
        Result = result;
        Status = $"{CudaError.Name(result)} ({(int)result})";
        Call = call;
        Detail = detail;
    }

    /// <summary>One line: the call, what was under way, the status, the driver's own text, and the layer where it is known.</summary>
    public override string Message => Layer == null ? base.Message : $"{base.Message}; in {Layer}";

    /// <summary>
    /// The layer whose operation met the failure, such as layer1.0.conv1; null where it is not known, as of a whole step's graph.
    /// </summary>
    public string? Layer => FailureLayer.Of(this);

    /// <summary>The driver's number for it, a <c>CUresult</c>, such as 2.</summary>
    public int Code => (int)Result;

    /// <summary>Official name and number, such as CUDA_ERROR_OUT_OF_MEMORY (2).</summary>
    public string Status { get; }

    /// <summary>The function that failed, such as cuMemAlloc.</summary>
    public string Call { get; }

    /// <summary>Kernel, sizes, or what was under way; may be empty.</summary>
    public string Detail { get; }

    /// <summary>Whether every later call on this GPU fails too, until the process ends.</summary>
    public bool BreaksContext => CudaError.BreaksContext(Result);

    /// <summary>
    /// Whether a kernel was at fault, of which the driver tells at some later call: <see cref="Call"/> need not be what launched it.
    /// </summary>
    public bool IsKernelFault => CudaError.IsKernelFault(Result);

    /// <summary>Whether the driver refused a kernel image; <see cref="Detail"/> says which and why.</summary>
    public bool RefusesImage => Call == nameof(CudaDriver.cuModuleLoadDataEx);

    internal CuResult Result { get; }
}
