using System.Runtime.InteropServices;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>One reference to a device's primary context, which the whole process shares, other CUDA code in it too.</summary>
internal sealed class PrimaryContextHandle : SafeHandle
{
    private readonly int _device;

    private PrimaryContextHandle(int device)
        : base(0, ownsHandle: true) => _device = device;

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The context's own handle. Throws <see cref="ObjectDisposedException"/> once its owner has let go of it.</summary>
    internal nint Value
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return handle;
        }
    }

    /// <summary>Retains the context, making it where nobody has it yet.</summary>
    internal static PrimaryContextHandle Retain(int device, string detail)
    {
        var owner = new PrimaryContextHandle(device);
        Check.That(CudaDriver.cuDevicePrimaryCtxRetain(out owner.handle, device), detail);
        return owner;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => CudaDriver.cuDevicePrimaryCtxRelease(_device) == CuResult.CUDA_SUCCESS;
}
