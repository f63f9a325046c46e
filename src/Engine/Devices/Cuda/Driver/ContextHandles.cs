using System.Runtime.InteropServices;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>A context, which everything made in it holds on to.</summary>
internal abstract class CudaContextHandle : SafeHandle
{
    private protected CudaContextHandle(CudaDriver driver, nint value)
        : base(0, ownsHandle: true)
    {
        Driver = driver;
        SetHandle(value);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>What it was made with.</summary>
    internal CudaDriver Driver { get; }

    /// <summary>The context's own handle. Throws <see cref="ObjectDisposedException"/> once its owner has let go of it.</summary>
    internal nint Value
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return handle;
        }
    }
}

/// <summary>One reference to a device's primary context, which the whole process shares, other CUDA code in it too.</summary>
internal sealed unsafe class PrimaryContextHandle : CudaContextHandle
{
    private readonly int _device;

    private PrimaryContextHandle(CudaDriver driver, int device, nint value)
        : base(driver, value) => _device = device;

    /// <summary>Retains the context, making it where nobody has it yet.</summary>
    internal static PrimaryContextHandle Retain(CudaDriver driver, int device, string detail)
    {
        nint context;
        Check.That(driver.cuDevicePrimaryCtxRetain(&context, device), detail);
        return new PrimaryContextHandle(driver, device, context);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Driver.cuDevicePrimaryCtxRelease(_device) == CuResult.CUDA_SUCCESS;
}

/// <summary>A context that somebody else owns: letting go of it leaves it as it is.</summary>
internal sealed class GivenContextHandle(CudaDriver driver, nint value) : CudaContextHandle(driver, value)
{
    /// <inheritdoc/>
    protected override bool ReleaseHandle() => true;
}
