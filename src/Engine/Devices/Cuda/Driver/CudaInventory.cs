using System.Globalization;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>What was found of CUDA on this machine: where the driver library was looked for, its version, the GPUs.</summary>
/// <param name="Attempts">Where the library was looked for, in order.</param>
/// <param name="Library">The file that was loaded, or null.</param>
/// <param name="DriverVersion">The newest CUDA the driver supports, 12040 for 12.4; 0 where unknown.</param>
/// <param name="Failure">One clause that says why there is no device at all, or null.</param>
/// <param name="Devices">The GPUs the driver shows, in its order.</param>
sealed partial record CudaInventory(
    IReadOnlyList<LibraryAttempt> Attempts, string? Library, int DriverVersion, string? Failure, IReadOnlyList<CudaDeviceStatus> Devices)
{
    /// <summary>The driver's CUDA version as people write it, such as 12.4.</summary>
    public string DriverVersionText => VersionText(DriverVersion);

    /// <summary>The first GPU the engine can use, or null.</summary>
    public CudaDeviceInfo? FirstUsable => Devices.FirstOrDefault(d => d.WhyNot is null)?.Info;

    /// <summary>Null where this GPU can be used, else one clause that says why it cannot.</summary>
    public string? WhyNot(int ordinal)
    {
        if (Failure is not null)
            return Failure;
        if (ordinal < 0 || ordinal >= Devices.Count)
            return $"there is no GPU {ordinal}, this machine has {Devices.Count}: {Names()}";
        CudaDeviceInfo info = Devices[ordinal].Info;
        if (info.Major < CudaDeviceStatus.OldestMajor)
        {
            return $"GPU {ordinal}, {info.Name}, has compute capability {info.Capability}; "
                + $"{CudaDeviceStatus.OldestMajor}.0 or newer is needed";
        }

        return Devices[ordinal].WhyNot is { } why ? $"GPU {ordinal}, {info.Name}, cannot be used: {why}" : null;
    }

    internal static string VersionText(int version) =>
        string.Create(CultureInfo.InvariantCulture, $"{version / 1000}.{version % 1000 / 10}");

    private string Names() => string.Join(", ", Devices.Select(d => $"{d.Info.Ordinal} {d.Info.Name}"));
}
