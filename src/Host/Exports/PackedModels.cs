using ReSTE.Native.Inference;

namespace ReSTE.Native.Host;

/// <summary>Packed networks as the command opens them.</summary>
internal static class PackedModels
{
    /// <summary>Opens one on the device that was asked for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">--device.</param>
    /// <param name="threads">--threads; 0 for one a core.</param>
    /// <param name="context">Receives the line that says why auto took the CPU.</param>
    public static BinaryModel Open(string path, DeviceRequest device, int threads, HostContext context)
    {
        CheckpointPath.RequireReadable(path, $"there is no packed network '{path}'");
        if (device == DeviceRequest.Cpu)
            return BinaryModel.Open(path, threads);
        var index = device.Index ?? Gpus.First;
        try
        {
            return BinaryModel.OpenCuda(path, index, kernelFolder: CudaSettings.FromEnvironment().KernelFolder);
        }
        catch (GpuException problem) when (device.IsAuto)
        {
            context.Notify([$"computing on the CPU: no usable GPU ({problem.Message})"]);
            return BinaryModel.Open(path, threads);
        }
        catch (GpuException problem)
        {
            throw new HostException(ExitCode.NoGpu, $"no usable GPU ({problem.Message}); without --device the CPU does", null, problem);
        }
    }
}

/// <summary>The flags that say where a packed network runs.</summary>
internal sealed class PackedFlags
{
    // Not auto: to make a GPU ready takes longer than a few pictures do.
    public Flag<DeviceRequest> Device { get; } = Flags.Choice(FlagOrigin.Ours, "--device", "auto|cpu|cuda[:N]", DeviceRequest.Cpu, "cpu",
        "where to compute, with the same result; auto takes the first usable GPU, else the CPU", DeviceRequest.Parse);

    public Flag<int> Threads { get; } = Flags.Choice(FlagOrigin.Ours, "--threads", "N", 0, "one a core", "threads that share the images",
        text => Numbers.Integer(text, 1, 1024));
}
