using System.Numerics;
using System.Runtime.InteropServices;

namespace ReSTE.Native.Checkpoints;

/// <summary>Turns a tensor's bytes into numbers.</summary>
internal static class SafetensorsValues
{
    /// <summary>Values as a floating type, rounded to nearest where it cannot hold them; null for a type with no conversion.</summary>
    public static T[]? ToFloat<T>(SafetensorsType type, ReadOnlySpan<byte> bytes) where T : unmanaged, IFloatingPoint<T> => type switch
    {
        SafetensorsType.F64 => Convert<double, T>(bytes),
        SafetensorsType.F32 => Convert<float, T>(bytes),
        SafetensorsType.F16 => Convert<Half, T>(bytes),
        SafetensorsType.BF16 => WidenBFloat16<T>(bytes),
        _ => ToInteger<T>(type, bytes),
    };

    /// <summary>Values of an integer type; null for a type that is none.</summary>
    public static T[]? ToInteger<T>(SafetensorsType type, ReadOnlySpan<byte> bytes) where T : unmanaged, INumber<T> => type switch
    {
        SafetensorsType.I64 => Convert<long, T>(bytes),
        SafetensorsType.U64 => Convert<ulong, T>(bytes),
        SafetensorsType.I32 => Convert<int, T>(bytes),
        SafetensorsType.U32 => Convert<uint, T>(bytes),
        SafetensorsType.I16 => Convert<short, T>(bytes),
        SafetensorsType.U16 => Convert<ushort, T>(bytes),
        SafetensorsType.I8 => Convert<sbyte, T>(bytes),
        SafetensorsType.U8 or SafetensorsType.Bool => Convert<byte, T>(bytes),
        _ => null,
    };

    /// <summary>The bytes of values, as a file stores them.</summary>
    public static byte[] ToBytes<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        RequireLittleEndian();
        return MemoryMarshal.AsBytes(values).ToArray();
    }

    // CreateChecked: an unsigned number that a signed one cannot hold throws OverflowException instead of turning negative.
    private static TTo[] Convert<TFrom, TTo>(ReadOnlySpan<byte> bytes)
        where TFrom : unmanaged, INumber<TFrom>
        where TTo : unmanaged, INumber<TTo>
    {
        RequireLittleEndian();
        var source = MemoryMarshal.Cast<byte, TFrom>(bytes);
        var values = new TTo[source.Length];
        if (typeof(TFrom) == typeof(TTo))
            MemoryMarshal.Cast<TFrom, TTo>(source).CopyTo(values);
        else
            for (int i = 0; i < values.Length; i++)
                values[i] = TTo.CreateChecked(source[i]);
        return values;
    }

    private static T[] WidenBFloat16<T>(ReadOnlySpan<byte> bytes) where T : unmanaged, INumber<T>
    {
        RequireLittleEndian();
        var source = MemoryMarshal.Cast<byte, ushort>(bytes);
        var values = new T[source.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = T.CreateChecked(BitConverter.UInt32BitsToSingle((uint)source[i] << 16));
        return values;
    }

    private static void RequireLittleEndian()
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("safetensors files are little-endian; this processor is not");
    }
}
