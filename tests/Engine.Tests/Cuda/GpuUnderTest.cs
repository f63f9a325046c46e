using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ReSTE.Native.Devices.Cuda;

namespace ReSTE.Native.Engine.Tests.Cuda;

/// <summary>
/// What the device tests run on: RESTE_LIBCUDA where it is set, a GPU where there is one, else the emulator that was built beside the
/// tests. With RESTE_REQUIRE_GPU=1 nothing but a GPU will do.
/// </summary>
internal static partial class GpuUnderTest
{
    /// <summary>Null where device tests can run, else why they cannot.</summary>
    public static string? Missing { get; } = CudaDevices.Probe().WhyNot(0);

    /// <summary>Whether it is the emulator.</summary>
    public static bool IsEmulated { get; } = Missing == null && Emulator.IsLoaded;

    /// <summary>Whether the tests were told to accept nothing but a GPU.</summary>
    public static bool IsRequired => Environment.GetEnvironmentVariable("RESTE_REQUIRE_GPU") == "1";

    /// <summary>Orders in which an emulated GPU runs its threads; a real one is asked twice. All must give the same bits.</summary>
    public static IReadOnlyList<string> Orders
    {
        get
        {
            CheckRequired();
            return Missing != null ? [] : IsEmulated ? Emulator.Orders : ["once", "once more"];
        }
    }

    /// <summary>A folder of images in place of the embedded ones, or null.</summary>
    public static string? KernelFolder => Environment.GetEnvironmentVariable("RESTE_KERNELS") is { Length: > 0 } folder ? folder
        : IsEmulated ? Path.Combine(Path.GetDirectoryName(CudaDevices.Probe().Library)!, "kernels") : null;

    /// <summary>Skips the test that calls it where there is nothing to run on.</summary>
    public static void Require()
    {
        CheckRequired();
        Assert.SkipWhen(Missing != null, $"no GPU and no emulator: {Missing}{WhyNoEmulator()}");
    }

    private static string WhyNoEmulator()
    {
        string note = Path.Combine(AppContext.BaseDirectory, "emulator", "why-not.txt");
        return File.Exists(note) && File.ReadAllText(note).Trim() is { Length: > 0 } why ? $"; the emulator was not built: {why}" : "";
    }

    private static void CheckRequired() =>
        Assert.False(IsRequired && (Missing != null || IsEmulated), $"RESTE_REQUIRE_GPU=1, but {Missing ?? "this is the emulator"}");

    // Must come before anything asks for the driver library, which is loaded once in a process.
    [ModuleInitializer]
    internal static void Choose()
    {
        string emulator = Path.Combine(AppContext.BaseDirectory, "emulator", "libcuda-emulator.so");
        bool chosen = Environment.GetEnvironmentVariable("RESTE_LIBCUDA") is { Length: > 0 };
        if (!chosen && !IsRequired && File.Exists(emulator) && !HasGpu())
            Environment.SetEnvironmentVariable("RESTE_LIBCUDA", emulator);
    }

    private static unsafe bool HasGpu()
    {
        if (!NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out nint library)
            || !NativeLibrary.TryGetExport(library, "cuInit", out nint init)
            || !NativeLibrary.TryGetExport(library, "cuDeviceGetCount", out nint getCount))
            return false;
        int count;
        return ((delegate* unmanaged<uint, int>)init)(0) == 0 && ((delegate* unmanaged<int*, int>)getCount)(&count) == 0 && count > 0;
    }
}
