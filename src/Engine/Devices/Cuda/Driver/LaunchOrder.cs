namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// Puts kernels into a stream, and knows which of them may start while the launch before still runs: in a capture, those that follow
/// another kernel, if their own image says that they wait. A kernel that follows a fill, a copy or an event, or comes first in a graph,
/// takes its turn as ever, for only a kernel can be followed so. Outside a capture all do: whoever lent the stream may have queued anything
/// in between.
/// </summary>
/// <param name="driver">What launches.</param>
/// <param name="stream">The stream's handle.</param>
/// <param name="dependent">Whether such launches are wanted, and can be had.</param>
internal sealed unsafe class LaunchOrder(CudaDriver driver, StreamHandle stream, bool dependent)
{
    private bool _capturing, _afterKernel;

    /// <summary>The driver's function that launched last, for messages.</summary>
    internal string Call { get; private set; } = nameof(CudaDriver.cuLaunchKernel);

    /// <summary>A capture begins or ends.</summary>
    internal void Capture(bool begins) => (_capturing, _afterKernel) = (begins, false);

    /// <summary>Something was queued that is no kernel of ours.</summary>
    internal void Interrupt() => _afterKernel = false;

    /// <summary>Queues a kernel.</summary>
    internal CuResult Launch(CudaKernel kernel, Grid grid, void** parameters)
    {
        bool overlaps = dependent && _afterKernel && kernel.Waits;
        Call = overlaps ? nameof(CudaDriver.cuLaunchKernelEx) : nameof(CudaDriver.cuLaunchKernel);
        CuResult result = overlaps
            ? LaunchDependent(kernel, grid, parameters)
            : driver.cuLaunchKernel(kernel.Function, grid.X, grid.Y, grid.Z, kernel.Block, 1, 1, 0, stream.Value, parameters, null);
        _afterKernel = _capturing && result == CuResult.CUDA_SUCCESS;
        return result;
    }

    private CuResult LaunchDependent(CudaKernel kernel, Grid grid, void** parameters)
    {
        var attribute = new CuLaunchAttribute { Id = CuLaunchAttributeId.ProgrammaticStreamSerialization, Value = 1 };
        var config = new CuLaunchConfig
        {
            GridX = grid.X,
            GridY = grid.Y,
            GridZ = grid.Z,
            BlockX = kernel.Block,
            BlockY = 1,
            BlockZ = 1,
            Stream = stream.Value,
            Attributes = &attribute,
            AttributeCount = 1,
        };
        return driver.cuLaunchKernelEx(&config, kernel.Function, parameters, null);
    }
}
