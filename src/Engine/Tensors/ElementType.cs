namespace ReSTE.Native.Tensors;

/// <summary>What one element of a tensor is.</summary>
internal enum ElementType
{
    /// <summary>IEEE 754 single.</summary>
    Float32,

    /// <summary>IEEE 754 double.</summary>
    Float64,

    /// <summary>Signed 32-bit integer.</summary>
    Int32,

    /// <summary>Signed 64-bit integer.</summary>
    Int64,

    /// <summary>Signed 16-bit integer.</summary>
    Int16,

    /// <summary>Unsigned byte.</summary>
    UInt8,

    /// <summary>32 signs a word, see <see cref="Bits"/>.</summary>
    Bits32,
}

/// <summary>Sizes of elements.</summary>
internal static class ElementTypeExtensions
{
    /// <summary>Bytes of one element (one word for packed bits).</summary>
    public static int Size(this ElementType type) => type switch
    {
        ElementType.UInt8 => 1,
        ElementType.Int16 => 2,
        ElementType.Float32 or ElementType.Int32 or ElementType.Bits32 => 4,
        _ => 8,
    };
}
