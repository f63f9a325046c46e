namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// Whether a device asks for dependent launches (programmatic dependent launch): a kernel may be made ready while the one before it still
/// runs, and waits by itself before it touches memory. Else why not.
/// </summary>
internal enum DependentLaunches
{
    NotAskedFor,
    Used,

    /// <summary>The host waits for every launch, so that there is nothing left to overlap.</summary>
    LaunchesAreAwaited,
    GpuTooOld,
    DriverTooOld,

    /// <summary>The images that were loaded have no waits: compiled for older GPUs, or of another version.</summary>
    KernelsDoNotWait,
}

/// <summary>Says which of them holds.</summary>
internal static class DependentLaunchRule
{
    /// <summary>The oldest driver: CUDA 12.3 was the first whose captured graphs keep such dependencies.</summary>
    internal const int OldestDriver = 12030;

    /// <summary>The oldest compute capability, 9 for 9.0.</summary>
    internal const int OldestMajor = 9;

    /// <summary>What becomes of the wish, which is the caller's.</summary>
    internal static DependentLaunches Of(CudaContext context, KernelModules modules, bool synchronous) =>
        Of(context.Info.Major, context.DriverVersion, CanAsk(context.Driver), modules.Kernels.Any(k => k.Waits), synchronous);

    /// <summary>The same of what it depends on.</summary>
    /// <param name="major">Compute capability.</param>
    /// <param name="driverVersion">The newest CUDA the driver supports, 12040 for 12.4.</param>
    /// <param name="canAsk">Whether the driver library has the function.</param>
    /// <param name="kernelsWait">Whether any image that was loaded has kernels that wait.</param>
    /// <param name="synchronous">Whether every launch is waited for.</param>
    internal static DependentLaunches Of(int major, int driverVersion, bool canAsk, bool kernelsWait, bool synchronous) =>
        synchronous ? DependentLaunches.LaunchesAreAwaited
        : major < OldestMajor ? DependentLaunches.GpuTooOld
        : driverVersion < OldestDriver || !canAsk ? DependentLaunches.DriverTooOld
        : kernelsWait ? DependentLaunches.Used
        : DependentLaunches.KernelsDoNotWait;

    /// <summary>In words, for the description of a device; nothing where nobody asked.</summary>
    internal static string Text(DependentLaunches state) => state switch
    {
        DependentLaunches.NotAskedFor => "",
        DependentLaunches.Used => ", dependent launches",
        DependentLaunches.LaunchesAreAwaited => ", no dependent launches: every launch is waited for",
        DependentLaunches.GpuTooOld => $", no dependent launches: they need compute capability {OldestMajor}.0",
        DependentLaunches.DriverTooOld => ", no dependent launches: they need a driver that supports CUDA "
            + CudaInventory.VersionText(OldestDriver),
        DependentLaunches.KernelsDoNotWait =>
            $", no dependent launches: these kernels, compiled for GPUs before {OldestMajor}.0 too, do not wait for each other",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    private static unsafe bool CanAsk(CudaDriver driver) => driver.cuLaunchKernelEx != null;
}
