using System.Globalization;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>A device address as a kernel's parameter, <c>T*</c>.</summary>
internal readonly record struct Ptr<T>(nint Address) where T : unmanaged
{
    /// <summary>Element type and address, for messages.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{typeof(T).Name}* 0x{Address:x}");
}
