namespace ReSTE.Native.Checkpoints;

/// <summary>Names and sizes of the element types.</summary>
internal static class SafetensorsTypes
{
    private static readonly SafetensorsType[] All = Enum.GetValues<SafetensorsType>();

    /// <summary>The name a file uses.</summary>
    public static string FileName(this SafetensorsType type) => type switch
    {
        SafetensorsType.Bool => "BOOL",
        SafetensorsType.F8E5M2 => "F8_E5M2",
        SafetensorsType.F8E4M3 => "F8_E4M3",
        _ => type.ToString(),
    };

    /// <summary>Bytes of one element.</summary>
    public static int Size(this SafetensorsType type) => type switch
    {
        SafetensorsType.Bool or SafetensorsType.U8 or SafetensorsType.I8 or SafetensorsType.F8E5M2 or SafetensorsType.F8E4M3 => 1,
        SafetensorsType.I16 or SafetensorsType.U16 or SafetensorsType.F16 or SafetensorsType.BF16 => 2,
        SafetensorsType.I32 or SafetensorsType.U32 or SafetensorsType.F32 => 4,
        SafetensorsType.F64 or SafetensorsType.I64 or SafetensorsType.U64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no such element type"),
    };

    /// <summary>The type a file names, or null.</summary>
    public static SafetensorsType? Find(string fileName)
    {
        foreach (var type in All)
            if (type.FileName() == fileName)
                return type;
        return null;
    }

    /// <summary>Elements and bytes of a shape, or null where they overflow.</summary>
    public static (long Elements, long Bytes)? Extent(this SafetensorsType type, ReadOnlySpan<long> shape)
    {
        UInt128 elements = 1;
        foreach (long dimension in shape)
        {
            elements *= (ulong)dimension;
            if (elements > long.MaxValue)
                return null;
        }

        UInt128 bytes = elements * (uint)type.Size();
        return bytes > long.MaxValue ? null : ((long)elements, (long)bytes);
    }
}
