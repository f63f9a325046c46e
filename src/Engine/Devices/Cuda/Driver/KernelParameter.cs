namespace ReSTE.Native.Devices.Cuda;

/// <summary>One field of an argument struct: where it lies in it, in bytes, is where the driver reads the kernel's parameter.</summary>
internal readonly record struct KernelParameter(string Name, Type Type, int Offset, int Size);
