using ManagedCuda;

namespace ReSTE.Native.Adapters.ManagedCuda;

/// <summary>What must be true of a program's context and stream before the driver is given their handles.</summary>
internal static class HostObjects
{
    /// <summary>Throws where it is disposed of; makes it the thread's context, as every call to the device does.</summary>
    public static void Check(CudaContext context)
    {
        try
        {
            context.SetCurrent();
        }
        catch (ObjectDisposedException)
        {
            throw Disposed("the context");
        }
        catch (global::ManagedCuda.CudaException failed)
        {
            throw failed.ToEngine("cuCtxSetCurrent", "the host's context");
        }
    }

    /// <summary>Throws where it is disposed of, and leaves a capture alone, which asking how far it is would end.</summary>
    public static void Check(CudaStream stream)
    {
        try
        {
            // One that is alive has the driver refuse to wait for no event, which does nothing.
            stream.WaitEvent(default);
        }
        catch (ObjectDisposedException)
        {
            throw Disposed("the stream");
        }
        catch (global::ManagedCuda.CudaException)
        {
        }
    }

    /// <summary>One line, where the published library's own exception is two without a reason.</summary>
    public static ObjectDisposedException Disposed(string what) =>
        new(objectName: null, $"{what} has been disposed of: keep it until the engine's work on it is done");
}
