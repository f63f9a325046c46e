namespace ReSTE.Native.Data.Cifar;

/// <summary>What a value on the pickle machine's stack is: nothing but the pieces of a batch file has a kind.</summary>
internal enum PickleKind
{
    Mark,
    None,
    False,

    /// <summary>Value: A.</summary>
    Integer,

    /// <summary>Bytes of the file: A is their offset, B their number.</summary>
    String,

    /// <summary>The dictionary the file holds.</summary>
    Dictionary,

    /// <summary>Labels or file names, in <see cref="PickleValue.List"/>.</summary>
    List,
    ReconstructFunction,
    ArrayClass,
    TypeClass,

    /// <summary>The tuple (A,).</summary>
    OneTuple,

    /// <summary>The tuple (A, B).</summary>
    PairTuple,

    /// <summary>The tuple (numpy.ndarray, (0,), 'b').</summary>
    ArrayArguments,

    /// <summary>The tuple ('u1', 0, 1).</summary>
    TypeArguments,

    /// <summary>The tuple (3, '|', None, None, None, -1, -1, 0).</summary>
    TypeState,

    /// <summary>The tuple (1, (A, 3072), uint8, False, data at B).</summary>
    ArrayState,

    /// <summary>An array not filled yet.</summary>
    EmptyArray,

    /// <summary>An array of A rows whose bytes start at offset B.</summary>
    Array,

    /// <summary>numpy.dtype before its state is set.</summary>
    RawType,

    /// <summary>numpy.dtype, unsigned bytes.</summary>
    ByteType,
}

/// <summary>A value on the pickle machine's stack; what A and B mean is said at its kind.</summary>
internal readonly record struct PickleValue(PickleKind Kind, int A = 0, int B = 0, PickleList? List = null);
