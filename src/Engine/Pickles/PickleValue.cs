using System.Text;

namespace ReSTE.Native.Pickles;

/// <summary>What a value of a pickle is.</summary>
internal enum PickleKind : byte
{
    None,
    Boolean,
    Integer,

    /// <summary>An integer beyond 64 bits: its bytes, little-endian.</summary>
    LongInteger,
    Real,

    /// <summary>Text, as UTF-8.</summary>
    Text,

    /// <summary>Bytes, or a string of Python 2.</summary>
    Bytes,
    Tuple,

    /// <summary>A list or a set.</summary>
    List,
    Dictionary,

    /// <summary>A function or a class.</summary>
    Name,

    /// <summary>What a call of a function or a class would give, were it called.</summary>
    Call,

    /// <summary>A value outside the pickle: the tuple that tells which.</summary>
    Persistent,
}

/// <summary>
/// A value of a pickle. Texts and bytes stay where they lie in the file. Only this struct's own methods know what Number and Content mean.
/// </summary>
internal readonly record struct PickleValue(PickleKind Kind, long Number = 0, object? Content = null)
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static PickleValue Real(double value) => new(PickleKind.Real, BitConverter.DoubleToInt64Bits(value));

    /// <summary>Texts, bytes and long integers: a piece of a buffer.</summary>
    public static PickleValue Piece(PickleKind kind, byte[] buffer, int start, int length) =>
        new(kind, ((long)start << 32) | (uint)length, buffer);

    /// <summary>Where a piece begins in its buffer.</summary>
    public int Start => (int)(Number >> 32);

    /// <summary>Bytes of a piece.</summary>
    public int Length => (int)Number;

    /// <summary>What a piece lies in.</summary>
    public byte[] Buffer => (byte[])Content!;

    /// <summary>The bytes of a piece; none where it is no piece.</summary>
    public ReadOnlySpan<byte> Bytes => Content is byte[] buffer ? buffer.AsSpan(Start, Length) : [];

    /// <summary>The items of a tuple or of a persistent value; null of anything else.</summary>
    public PickleValue[]? Tuple => Content as PickleValue[];

    public List<PickleValue>? List => Content as List<PickleValue>;

    public PickleDictionary? Dictionary => Content as PickleDictionary;

    public PickleName? Name => Content as PickleName;

    public PickleCall? Call => Content as PickleCall;

    /// <summary>A whole number; null where it is none of 64 bits. True and false are 1 and 0, as in Python.</summary>
    public long? Integer => Kind is PickleKind.Integer or PickleKind.Boolean ? Number : null;

    /// <summary>Any number of 64 bits.</summary>
    public double? Double => Kind == PickleKind.Real ? BitConverter.Int64BitsToDouble(Number) : Integer;

    /// <summary>Whether it is this text of ASCII, as text or as bytes.</summary>
    public bool Is(string text) => Kind is PickleKind.Text or PickleKind.Bytes && Ascii.Equals(Bytes, text);

    /// <summary>A text, or the bytes of one; null where it is none, or not valid UTF-8.</summary>
    public string? Text()
    {
        if (Kind is not (PickleKind.Text or PickleKind.Bytes))
            return null;
        try
        {
            return s_strict.GetString(Bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>The value for a message.</summary>
    public override string ToString() => Kind switch
    {
        PickleKind.Integer => FormattableString.Invariant($"the integer {Number}"),
        PickleKind.Name => $"the name {Name}",
        PickleKind.Call => $"a call of {Call!.Function}",
        PickleKind.Persistent => "a value outside the pickle",
        PickleKind.None => "None",
        _ => $"a {Kind.ToString().ToLowerInvariant()}",
    };
}
