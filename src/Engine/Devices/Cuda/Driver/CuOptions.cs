namespace ReSTE.Native.Devices.Cuda;

/// <summary>CUdevice_attribute: the few the engine asks for.</summary>
internal enum CuDeviceAttribute
{
    MultiprocessorCount = 16,
    ComputeMode = 20,
    PciBus = 33,
    PciDevice = 34,
    L2CacheBytes = 38,
    PciDomain = 50,
    CapabilityMajor = 75,
    CapabilityMinor = 76,
}

/// <summary>CUfunction_attribute: what a compiled kernel takes of a multiprocessor.</summary>
internal enum CuFunctionAttribute
{
    MaxThreadsPerBlock = 0,
    SharedBytes = 1,
    LocalBytes = 3,
    Registers = 4,
}

/// <summary>CUstream_flags.</summary>
internal enum CuStreamFlags : uint
{
    /// <summary>Does not wait for the legacy default stream of the process.</summary>
    NonBlocking = 1,
}

/// <summary>CUevent_flags.</summary>
internal enum CuEventFlags : uint
{
    Timed = 0,
    DisableTiming = 2,
}

/// <summary>CUstreamCaptureMode.</summary>
internal enum CuCaptureMode
{
    /// <summary>Other calls, such as loading a module, end it when they come from the same thread.</summary>
    ThreadLocal = 1,

    /// <summary>Other calls stay allowed meanwhile.</summary>
    Relaxed = 2,
}

/// <summary>CUstreamCaptureStatus.</summary>
internal enum CuCaptureStatus
{
    None = 0,
    Active = 1,
    Invalidated = 2,
}

/// <summary>CUjit_option: where the compiler in the driver writes what it has against an image.</summary>
internal enum CuJitOption
{
    ErrorLogBuffer = 5,
    ErrorLogBufferBytes = 6,
}
