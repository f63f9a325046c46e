using System.Runtime.InteropServices;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>CUlaunchAttributeID: the one the engine sets.</summary>
internal enum CuLaunchAttributeId
{
    /// <summary>The launch waits by itself for the one before it in the stream, and may start earlier.</summary>
    ProgrammaticStreamSerialization = 6,
}

/// <summary>CUlaunchAttribute: what a launch asks for beyond its grid. Its value is a union of 64 bytes, here an int.</summary>
[StructLayout(LayoutKind.Explicit, Size = 72)]
internal struct CuLaunchAttribute
{
    [FieldOffset(0)]
    internal CuLaunchAttributeId Id;

    [FieldOffset(8)]
    internal int Value;
}

/// <summary>CUlaunchConfig: a launch as cuLaunchKernelEx takes it, its kernel and arguments apart.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CuLaunchConfig
{
    internal uint GridX, GridY, GridZ;
    internal uint BlockX, BlockY, BlockZ;
    internal uint SharedBytes;
    internal nint Stream;
    internal CuLaunchAttribute* Attributes;
    internal uint AttributeCount;
}
