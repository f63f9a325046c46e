using System.Runtime.InteropServices;
using ReSTE.Native.Devices.Cuda;

namespace ReSTE.Native.Engine.Tests.Cuda.Driver;

/// <summary>
/// A context and a stream on the first GPU, or on the emulator that RESTE_LIBCUDA names. Where there is neither, the test is skipped and
/// says why.
/// </summary>
internal sealed class DriverRig : IDisposable
{
    private readonly List<nint> _memory = [];

    private DriverRig(bool synchronous)
    {
        Context = new CudaContext(0);
        Modules = new KernelModules(Context, Images());
        Stream = new CudaStream(Context, Modules, synchronous);
    }

    public CudaContext Context { get; }

    public KernelModules Modules { get; }

    public CudaStream Stream { get; }

    /// <summary>Skips the calling test where there is no driver library.</summary>
    public static DriverRig Require(bool synchronous = false)
    {
        GpuUnderTest.Require();
        return new DriverRig(synchronous);
    }

    /// <summary>Skips the calling test where the driver is not the emulator, whose environment can be set.</summary>
    public static void RequireEmulator()
    {
        GpuUnderTest.Require();
        Assert.SkipUnless(GpuUnderTest.IsEmulated, $"{CudaLibrary.Loaded} is not the emulator");
    }

    /// <summary>The images the device tests use.</summary>
    public static KernelImages Images() =>
        GpuUnderTest.KernelFolder is { } folder ? KernelImages.FromFolder(folder) : KernelImages.Embedded;

    public nint Upload(params float[] values)
    {
        nint address = Context.Allocate(values.Length * sizeof(float), "a test");
        _memory.Add(address);
        Stream.Upload(address, MemoryMarshal.AsBytes(values.AsSpan()));
        return address;
    }

    public float[] Download(nint address, int count)
    {
        var values = new float[count];
        Stream.Download(address, MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    public void Dispose()
    {
        foreach (nint address in _memory)
            Context.Free(address);
        Stream.Dispose();
        Modules.Dispose();
        Context.Dispose();
    }
}
