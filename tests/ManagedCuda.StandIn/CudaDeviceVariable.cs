using System.Runtime.InteropServices;
using ManagedCuda.BasicTypes;

namespace ManagedCuda;

/// <summary>Elements in device memory: allocated in the thread's context and freed, or memory that somebody else owns.</summary>
public unsafe class CudaDeviceVariable<T> : IDisposable where T : struct
{
    private readonly CUdeviceptr _devPtr;
    private readonly bool _isOwner;
    private bool _disposed;

    /// <param name="size">In elements.</param>
    public CudaDeviceVariable(SizeT size)
    {
        Size = size;
        DriverAPINativeMethods.Check(DriverAPINativeMethods.cuMemAlloc_v2(out nint address, Bytes));
        _devPtr.Pointer = address;
        _isOwner = true;
    }

    /// <param name="devPtr">Stays the caller's.</param>
    /// <param name="size">In bytes.</param>
    public CudaDeviceVariable(CUdeviceptr devPtr, SizeT size)
    {
        (_devPtr, Size) = (devPtr, (ulong)size / (ulong)Marshal.SizeOf<T>());
        if (Bytes != (ulong)size)
            throw new CudaException("Variable size is not a multiple of its type size.");
    }

    public CUdeviceptr DevicePointer => _devPtr;

    /// <summary>In elements.</summary>
    public SizeT Size { get; }

    public SizeT SizeInBytes => (ulong)Bytes;

    private nuint Bytes => (nuint)(ulong)Size * (nuint)Marshal.SizeOf<T>();

    public void CopyToDevice(T[] source)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var pinned = GCHandle.Alloc(source, GCHandleType.Pinned);
        DriverAPINativeMethods.Check(DriverAPINativeMethods.cuMemcpyHtoD_v2(_devPtr.Pointer, (void*)pinned.AddrOfPinnedObject(),
            (nuint)source.Length * (nuint)Marshal.SizeOf<T>()));
        pinned.Free();
    }

    public void CopyToHost(T[] dest)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var pinned = GCHandle.Alloc(dest, GCHandleType.Pinned);
        DriverAPINativeMethods.Check(DriverAPINativeMethods.cuMemcpyDtoH_v2((void*)pinned.AddrOfPinnedObject(), _devPtr.Pointer,
            (nuint)dest.Length * (nuint)Marshal.SizeOf<T>()));
        pinned.Free();
    }

    public void AsyncCopyToDevice(CUdeviceptr source, SizeT offsetSrc, SizeT offsetDest, SizeT sizeInBytes, CUstream stream)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        DriverAPINativeMethods.Check(DriverAPINativeMethods.cuMemcpyDtoDAsync_v2((_devPtr + offsetDest).Pointer,
            (source + offsetSrc).Pointer, (nuint)(ulong)sizeInBytes, stream.Pointer));
    }

    public void MemsetAsync(byte aValue, CUstream stream)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        DriverAPINativeMethods.Check(DriverAPINativeMethods.cuMemsetD8Async(_devPtr.Pointer, aValue, Bytes, stream.Pointer));
    }

    public void Dispose()
    {
        if (_isOwner && !_disposed)
            _ = DriverAPINativeMethods.cuMemFree_v2(_devPtr.Pointer);
        _disposed = true;
        GC.SuppressFinalize(this);
    }
}
