using System.Globalization;
using System.Text;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Looks for GPUs.</summary>
static unsafe partial class CudaDevices
{
    /// <summary>The oldest driver that has every function the engine calls: cuGraphInstantiateWithFlags came with CUDA 11.4.</summary>
    internal const int OldestDriver = 11040;

    private const int NameBytes = 256;

    // The driver is initialised once in a process, and a failure stays one.
    private static readonly Lazy<CuResult> Initialised = new(() => CudaLibrary.Driver!.cuInit(0));

    /// <summary>What this machine has. Never throws: what is missing is said in the answer.</summary>
    public static CudaInventory Probe()
    {
        if (!CudaLibrary.TryLoad(out CudaDriver? driver, out string? why))
            return new CudaInventory(CudaLibrary.Attempts, null, 0, why, []);
        try
        {
            return ProbeLoaded(driver);
        }
        catch (CudaException e)
        {
            return Without(0, e.Message);
        }
    }

    /// <summary>What the driver says of one GPU. The driver is initialised.</summary>
    internal static CudaDeviceInfo Describe(CudaDriver driver, int ordinal)
    {
        int device;
        nuint memory;
        Check.That(driver.cuDeviceGet(&device, ordinal));
        Check.That(driver.cuDeviceTotalMem(&memory, device));
        int major = Attribute(driver, device, CuDeviceAttribute.CapabilityMajor),
            minor = Attribute(driver, device, CuDeviceAttribute.CapabilityMinor);
        int multiprocessors = Attribute(driver, device, CuDeviceAttribute.MultiprocessorCount);
        return new CudaDeviceInfo(ordinal, Name(driver, device), major, minor, (long)memory, multiprocessors, PciBus(driver, device));
    }

    /// <summary>Bytes of a GPU's second-level cache, as the driver says; 0 where it does not.</summary>
    internal static int CacheBytes(CudaDriver driver, int ordinal)
    {
        int device;
        Check.That(driver.cuDeviceGet(&device, ordinal));
        return Attribute(driver, device, CuDeviceAttribute.L2CacheBytes);
    }

    /// <summary>The number under which the driver shows a device.</summary>
    internal static int OrdinalOf(CudaDriver driver, int device)
    {
        int count, candidate;
        Check.That(driver.cuDeviceGetCount(&count));
        for (int ordinal = 0; ordinal < count; ordinal++)
        {
            Check.That(driver.cuDeviceGet(&candidate, ordinal));
            if (candidate == device)
                return ordinal;
        }

        return -1;
    }

    private static CudaInventory ProbeLoaded(CudaDriver driver)
    {
        // The version needs no initialised driver, and explains much where initialising fails or a function is not there.
        int version;
        if (driver.cuDriverGetVersion == null || driver.cuDriverGetVersion(&version) != CuResult.CUDA_SUCCESS)
            version = 0;
        if (version is > 0 and < OldestDriver)
            return Without(version, TooOld(version));
        if (driver.Incomplete is { } incomplete)
            return Without(version, incomplete);
        if (Initialised.Value == CuResult.CUDA_ERROR_NO_DEVICE)
            return Without(version, NoDevice());
        if (Initialised.Value != CuResult.CUDA_SUCCESS)
            return Without(version, CudaError.InitMeaning(Initialised.Value));
        int count;
        Check.That(driver.cuDeviceGetCount(&count));
        if (count == 0)
            return Without(version, NoDevice());
        var devices = new CudaDeviceStatus[count];
        for (int i = 0; i < count; i++)
            devices[i] = ProbeDevice(driver, i);
        return new CudaInventory(CudaLibrary.Attempts, CudaLibrary.Loaded, version, null, devices);
    }

    private static CudaDeviceStatus ProbeDevice(CudaDriver driver, int ordinal)
    {
        try
        {
            int device;
            Check.That(driver.cuDeviceGet(&device, ordinal));
            // An unknown mode forbids nothing.
            return CudaDeviceStatus.Of(Describe(driver, ordinal), TryAttribute(driver, device, CuDeviceAttribute.ComputeMode) ?? 0);
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

    private static string Name(CudaDriver driver, int device)
    {
        byte* text = stackalloc byte[NameBytes];
        Check.That(driver.cuDeviceGetName(text, NameBytes, device));
        int length = new ReadOnlySpan<byte>(text, NameBytes).IndexOf((byte)0);
        return Encoding.UTF8.GetString(text, length < 0 ? NameBytes : length);
    }

    private static int Attribute(CudaDriver driver, int device, CuDeviceAttribute attribute)
    {
        int value;
        Check.That(driver.cuDeviceGetAttribute(&value, attribute, device), attribute.ToString());
        return value;
    }

    private static int? TryAttribute(CudaDriver driver, int device, CuDeviceAttribute attribute)
    {
        int value;
        return driver.cuDeviceGetAttribute(&value, attribute, device) == CuResult.CUDA_SUCCESS ? value : null;
    }

    private static string? PciBus(CudaDriver driver, int device)
    {
        if (TryAttribute(driver, device, CuDeviceAttribute.PciDomain) is not { } domain
            || TryAttribute(driver, device, CuDeviceAttribute.PciBus) is not { } bus
            || TryAttribute(driver, device, CuDeviceAttribute.PciDevice) is not { } slot)
            return null;
        return string.Create(CultureInfo.InvariantCulture, $"{domain:x4}:{bus:x2}:{slot:x2}");
    }
}
