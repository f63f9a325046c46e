namespace ReSTE.Native.Devices.Cuda;

/// <summary>What a host's stream must be before anything is made for it.</summary>
internal static unsafe class LentStream
{
    /// <summary>
    /// Throws <see cref="InvalidOperationException"/> where it is capturing, which goes on unharmed, and <see cref="ArgumentException"/>
    /// where it is of another context.
    /// </summary>
    internal static void Check(CudaContext context, CudaHost host)
    {
        if (host.Stream is not { } stream)
            return;
        // Asked before anything else: loading a module would break the host's capture, and so would what follows here.
        if (CudaStream.Captures(context, stream))
            throw new InvalidOperationException("the host's stream is capturing a graph: open the device before or after");
        if (!IsOf(context, stream))
        {
            throw new ArgumentException(
                "the host's stream is of another context than the one it lends: make the stream while that context is current",
                nameof(host));
        }
    }

    // No stream takes an event of another context, and a mark that nobody waits for does nothing.
    private static bool IsOf(CudaContext context, nint stream)
    {
        using var mark = new CudaEvent(context);
        CuResult result = context.Driver.cuEventRecord(mark.Value, stream);
        if (result != CuResult.CUDA_ERROR_INVALID_HANDLE)
            Cuda.Check.That(result, "the host's stream", nameof(CudaDriver.cuEventRecord));
        return result == CuResult.CUDA_SUCCESS;
    }
}
