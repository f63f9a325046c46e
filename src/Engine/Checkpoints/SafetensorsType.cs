namespace ReSTE.Native.Checkpoints;

/// <summary>Element types of a safetensors file. All are little-endian.</summary>
public enum SafetensorsType
{
    /// <summary>One byte, 0 or 1; "BOOL" in the file.</summary>
    Bool,

    /// <summary>Unsigned byte.</summary>
    U8,

    /// <summary>Signed byte.</summary>
    I8,

    /// <summary>Eight-bit float, 5 exponent bits; "F8_E5M2" in the file. Only its bytes can be read.</summary>
    F8E5M2,

    /// <summary>Eight-bit float, 4 exponent bits; "F8_E4M3" in the file. Only its bytes can be read.</summary>
    F8E4M3,

    /// <summary>Signed 16-bit integer.</summary>
    I16,

    /// <summary>Unsigned 16-bit integer.</summary>
    U16,

    /// <summary>IEEE half precision.</summary>
    F16,

    /// <summary>The upper half of a float32.</summary>
    BF16,

    /// <summary>Signed 32-bit integer.</summary>
    I32,

    /// <summary>Unsigned 32-bit integer.</summary>
    U32,

    /// <summary>IEEE single precision.</summary>
    F32,

    /// <summary>IEEE double precision.</summary>
    F64,

    /// <summary>Signed 64-bit integer.</summary>
    I64,

    /// <summary>Unsigned 64-bit integer.</summary>
    U64,
}
