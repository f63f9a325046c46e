using System.Globalization;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Blocks of a launch along three axes.</summary>
internal readonly record struct Grid(uint X, uint Y = 1, uint Z = 1)
{
    /// <summary>X x Y x Z.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{X} x {Y} x {Z}");
}
