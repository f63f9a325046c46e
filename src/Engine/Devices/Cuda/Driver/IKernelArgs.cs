using System.Globalization;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// The arguments of one kernel: a <c>readonly record struct</c> of the kernel's name, BinaryConv for <c>binary_conv</c>, whose fields, in
/// order, are the kernel's parameters; a struct among them is one parameter. Everything else about the kernel stands in its source.
/// </summary>
internal interface IKernelArgs;

/// <summary>A device address as a kernel's parameter, <c>T*</c>.</summary>
internal readonly record struct Ptr<T>(nint Address) where T : unmanaged
{
    /// <summary>Element type and address, for messages.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{typeof(T).Name}* 0x{Address:x}");
}
