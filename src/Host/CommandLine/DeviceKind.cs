namespace ReSTE.Native.Host;

/// <summary>The kinds of device a run can compute on.</summary>
internal enum DeviceKind
{
    Cpu,
    Cuda,
}
