namespace ReSTE.Native.Host;

/// <summary>The kinds of device a run can compute on.</summary>
internal enum DeviceKind
{
    Cpu,
    Cuda,
}

/// <summary>The device a run computes on: which GPU for CUDA, how many threads for the CPU.</summary>
internal sealed record DeviceChoice(DeviceKind Kind, int Index, int Threads)
{
    /// <summary>As the command line writes it.</summary>
    public string Name => Kind == DeviceKind.Cpu ? "cpu" : $"cuda:{Numbers.Text(Index)}";
}
