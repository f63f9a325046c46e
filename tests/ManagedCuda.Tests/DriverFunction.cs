using System.Runtime.InteropServices;
using ReSTE.Native.Devices.Cuda;

namespace ReSTE.Native.ManagedCuda.Tests;

/// <summary>Functions of the driver library that was loaded, for what a program does by other means than ManagedCuda.</summary>
internal static class DriverFunction
{
    public static nint Find(string name) => NativeLibrary.GetExport(NativeLibrary.Load(CudaDevices.Probe().Library!), name);
}
