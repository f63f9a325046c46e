using System.Runtime.InteropServices;

namespace ManagedCuda.BasicTypes;

/// <summary>A context's handle.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CUcontext
{
    public IntPtr Pointer;
}

/// <summary>A stream's handle.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CUstream
{
    public IntPtr Pointer;
}

/// <summary>An event's handle.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CUevent
{
    public IntPtr Pointer;
}

/// <summary>An address in device memory.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CUdeviceptr
{
    public SizeT Pointer;

    public static implicit operator ulong(CUdeviceptr src) => src.Pointer;

    public static CUdeviceptr operator +(CUdeviceptr src, SizeT value) => new() { Pointer = (ulong)src.Pointer + (ulong)value };
}

/// <summary>A size as wide as an address.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SizeT
{
    private UIntPtr _value;

    public static implicit operator ulong(SizeT t) => t._value;

    public static implicit operator long(SizeT t) => (long)(ulong)t._value;

    public static implicit operator IntPtr(SizeT t) => (nint)(nuint)t._value;

    public static implicit operator SizeT(int value) => new() { _value = (nuint)value };

    public static implicit operator SizeT(long value) => new() { _value = (nuint)value };

    public static implicit operator SizeT(ulong value) => new() { _value = (nuint)value };

    public static implicit operator SizeT(IntPtr value) => new() { _value = (nuint)(nint)value };
}

/// <summary>What a call to the driver returns: the few that are named here or in the tests.</summary>
public enum CUResult
{
    Success = 0,
    ErrorInvalidValue = 1,
    ErrorOutOfMemory = 2,
    ErrorInvalidContext = 201,
    ErrorInvalidHandle = 400,
}

/// <summary>How a stream is made.</summary>
[Flags]
public enum CUStreamFlags : uint
{
    None = 0,
    Default = 0,
    NonBlocking = 1,
}

/// <summary>What can be asked about an address.</summary>
public enum CUPointerAttribute
{
    Context = 1,
}
