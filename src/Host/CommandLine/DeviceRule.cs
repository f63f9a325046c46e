namespace ReSTE.Native.Host;

/// <summary>Turns --device, --gpus and --threads into one device.</summary>
internal static class DeviceRule
{
    /// <param name="request">--device.</param>
    /// <param name="gpus">--gpus; empty where it was not given.</param>
    /// <param name="threads">--threads; 0 for one a core.</param>
    /// <param name="engine">What knows the GPUs.</param>
    /// <param name="notices">Receives the line that says why auto took the CPU.</param>
    public static DeviceChoice Choose(
        DeviceRequest request, IReadOnlyList<int> gpus, int threads, IEngine engine, ICollection<string> notices)
    {
        var cpu = new DeviceChoice(DeviceKind.Cpu, 0, threads > 0 ? threads : Environment.ProcessorCount);
        if (request is { IsAuto: false, Kind: DeviceKind.Cpu })
            return cpu;
        if (gpus.Count > 1)
            throw HostException.Misuse($"--gpus: '{string.Join(',', gpus)}' names {gpus.Count} GPUs; only one is supported so far");
        int? gpu = gpus.Count == 1 ? gpus[0] : null;
        if (request.Index is { } wanted && gpu is { } other && wanted != other)
            throw HostException.Misuse($"--device cuda:{wanted} and --gpus {other} name different GPUs", "give one of them");
        if (gpu is not null)
            engine.ShowAllGpus();
        var index = request.Index ?? gpu ?? engine.FirstGpu;
        if (engine.WhyNoGpu(index) is not { } why)
            return cpu with { Kind = DeviceKind.Cuda, Index = index };
        if (!request.IsAuto || gpu is not null)
            throw new HostException(ExitCode.NoGpu, $"no usable GPU ({why}); add --device cpu to train on this CPU");
        notices.Add($"computing on the CPU with {Plural.Of(cpu.Threads, "thread")}: no usable GPU ({why})");
        return cpu;
    }
}
