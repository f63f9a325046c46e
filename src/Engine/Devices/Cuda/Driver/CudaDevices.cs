using System.Globalization;
using System.Text;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Looks for GPUs.</summary>
public static class CudaDevices
{
    /// <summary>The oldest driver that has every function the engine calls: cuGraphInstantiateWithFlags came with CUDA 11.4.</summary>
    internal const int OldestDriver = 11040;

    private const int NameBytes = 256;

    // The driver is initialised once in a process, and a failure stays one.
    private static readonly Lazy<CuResult> Initialised = new(() => CudaDriver.cuInit(0));

    /// <summary>What this machine has. Never throws: what is missing is said in the answer.</summary>
    public static CudaInventory Probe()
    {
        bool loaded = CudaLibrary.TryLoad(out string? why);
        if (!loaded)
            return new CudaInventory(CudaLibrary.Attempts, null, 0, why, []);
        try
        {
            return ProbeLoaded();
        }
        catch (Exception e) when (e is CudaException or EntryPointNotFoundException or DllNotFoundException)
        {
            return Without(0, e.Message);
        }
    }

    /// <summary>What the driver says of one GPU. The driver is initialised.</summary>
    internal static CudaDeviceInfo Describe(int ordinal)
    {
        Check.That(CudaDriver.cuDeviceGet(out int device, ordinal));
        Check.That(CudaDriver.cuDeviceTotalMem(out nuint memory, device));
        int major = Attribute(device, CuDeviceAttribute.CapabilityMajor), minor = Attribute(device, CuDeviceAttribute.CapabilityMinor);
        int multiprocessors = Attribute(device, CuDeviceAttribute.MultiprocessorCount);
        return new CudaDeviceInfo(ordinal, Name(device), major, minor, (long)memory, multiprocessors, PciBus(device));
    }

    private static CudaInventory ProbeLoaded()
    {
        // The version needs no initialised driver, and explains much where initialising fails.
        CuResult versioned = CudaDriver.cuDriverGetVersion(out int version);
        if (versioned != CuResult.CUDA_SUCCESS)
            version = 0;
        if (version is > 0 and < OldestDriver)
            return Without(version, TooOld(version));
        if (Initialised.Value == CuResult.CUDA_ERROR_NO_DEVICE)
            return Without(version, NoDevice());
        if (Initialised.Value != CuResult.CUDA_SUCCESS)
            return Without(version, CudaError.InitMeaning(Initialised.Value));
        Check.That(CudaDriver.cuDeviceGetCount(out int count));
        if (count == 0)
            return Without(version, NoDevice());
        var devices = new CudaDeviceStatus[count];
        for (int i = 0; i < count; i++)
            devices[i] = ProbeDevice(i);
        return new CudaInventory(CudaLibrary.Attempts, CudaLibrary.Loaded, version, null, devices);
    }

    private static CudaDeviceStatus ProbeDevice(int ordinal)
    {
        try
        {
            Check.That(CudaDriver.cuDeviceGet(out int device, ordinal));
            // An unknown mode forbids nothing.
            CuResult known = CudaDriver.cuDeviceGetAttribute(out int mode, CuDeviceAttribute.ComputeMode, device);
            return CudaDeviceStatus.Of(Describe(ordinal), known == CuResult.CUDA_SUCCESS ? mode : 0);
        }
        catch (CudaException e)
        {
            // One broken GPU does not hide its neighbours.
            return new CudaDeviceStatus(new CudaDeviceInfo(ordinal, "unknown", CudaDeviceStatus.OldestMajor, 0, 0, 0, null), e.Message);
        }
    }

    private static CudaInventory Without(int version, string why) => new(CudaLibrary.Attempts, CudaLibrary.Loaded, version, why, []);

    private static string TooOld(int version) =>
        $"the driver supports CUDA {CudaInventory.VersionText(version)}; {CudaInventory.VersionText(OldestDriver)} or newer is needed";

    private static string NoDevice()
    {
        string hidden = CudaLibrary.VisibleDevices is { } shown ? $" (CUDA_VISIBLE_DEVICES is '{shown}')" : "";
        return CudaError.InitMeaning(CuResult.CUDA_ERROR_NO_DEVICE) + hidden;
    }

    private static unsafe string Name(int device)
    {
        byte* text = stackalloc byte[NameBytes];
        Check.That(CudaDriver.cuDeviceGetName(text, NameBytes, device));
        int length = new ReadOnlySpan<byte>(text, NameBytes).IndexOf((byte)0);
        return Encoding.UTF8.GetString(text, length < 0 ? NameBytes : length);
    }

    private static int Attribute(int device, CuDeviceAttribute attribute)
    {
        Check.That(CudaDriver.cuDeviceGetAttribute(out int value, attribute, device), attribute.ToString());
        return value;
    }

    private static string? PciBus(int device)
    {
        if (CudaDriver.cuDeviceGetAttribute(out int domain, CuDeviceAttribute.PciDomain, device) != CuResult.CUDA_SUCCESS
            || CudaDriver.cuDeviceGetAttribute(out int bus, CuDeviceAttribute.PciBus, device) != CuResult.CUDA_SUCCESS
            || CudaDriver.cuDeviceGetAttribute(out int slot, CuDeviceAttribute.PciDevice, device) != CuResult.CUDA_SUCCESS)
            return null;
        return string.Create(CultureInfo.InvariantCulture, $"{domain:x4}:{bus:x2}:{slot:x2}");
    }
}
