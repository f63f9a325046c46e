using ReSTE.Native.Devices.Cuda;

namespace ReSTE.Native.Host;

/// <summary>What `info` says about CUDA: driver, GPUs, kernels, and where something was looked for that is missing.</summary>
internal static class GpuReport
{
    public static IEnumerable<(string Name, string Value)> Lines(CudaSettings settings, Func<int, string?> whyNot)
    {
        var inventory = CudaDevices.Probe();
        if (inventory.Library is { } library)
            yield return ("driver", library + NamedBy(CudaSettings.LibraryVariable) + Version(inventory));
        if (inventory.Failure is { } failure)
            yield return ("cuda", failure);
        if (inventory.Library is null)
        {
            foreach (var attempt in inventory.Attempts)
                yield return ("tried", Words(attempt));
        }
        foreach (var device in inventory.Devices)
            yield return ($"cuda:{Numbers.Text(device.Info.Ordinal)}", $"{Words(device.Info)}: {whyNot(device.Info.Ordinal) ?? "ready"}");
        var images = settings.KernelFolder is { } folder ? KernelImages.FromFolder(folder) : KernelImages.Embedded;
        yield return ("kernels", images.Describe() + NamedBy(CudaSettings.KernelVariable));
    }

    /// <summary>Most loaders begin with the path.</summary>
    private static string Words(LibraryAttempt attempt)
    {
        var (path, failure) = (attempt.Path + ": ", attempt.Failure ?? "found");
        return failure.StartsWith(path, StringComparison.Ordinal) ? failure : path + failure;
    }

    private static string Words(CudaDeviceInfo info) =>
        $"{info.Place}, compute capability {info.Capability}, {Numbers.Fixed(info.TotalMemory / 1e9, 1)} GB";

    private static string Version(CudaInventory inventory) => inventory.DriverVersion > 0 ? $", CUDA {inventory.DriverVersionText}" : "";

    private static string NamedBy(string variable) =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable)) ? "" : $" (named by {variable})";
}
