using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>How a row of a unit's result ends: the shortcut is added, the numbers are stored, their signs asked for.</summary>
/// <param name="shortcut">As y; or null.</param>
/// <param name="y">Where the numbers go; null where nobody reads them.</param>
internal readonly unsafe struct ResultRow(float* shortcut, float* y)
{
    /// <summary>Ends some channels of a pixel, at their place in y; returns their signs, a bit a lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Put<T>(T value, nint at) where T : unmanaged, ISimd<T>
    {
        if (shortcut != null)
        {
            Prefetch.Ahead(shortcut + at);
            value += T.Load(shortcut + at);
        }

        if (y != null)
        {
            Prefetch.Ahead(y + at);
            value.Store(y + at);
        }

        return value.NegativeMask();
    }
}
