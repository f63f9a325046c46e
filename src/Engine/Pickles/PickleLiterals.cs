using static ReSTE.Native.Pickles.PickleOpcode;

namespace ReSTE.Native.Pickles;

/// <summary>The opcodes that are followed by a value's own bytes, or stand for a value by themselves.</summary>
internal static class PickleLiterals
{
    /// <summary>The value of such an opcode; null of any other.</summary>
    /// <exception cref="PickleException">The bytes end before it does.</exception>
    public static PickleValue? Read(PickleOpcode opcode, PickleCursor cursor) => opcode switch
    {
        None => new(PickleKind.None),
        NewTrue => new(PickleKind.Boolean, 1),
        NewFalse => new(PickleKind.Boolean),
        BinInt1 => new(PickleKind.Integer, cursor.Byte()),
        BinInt2 => new(PickleKind.Integer, cursor.UInt16()),
        BinInt => new(PickleKind.Integer, cursor.Int32()),
        Long1 => cursor.Long(cursor.Byte()),
        Long4 => cursor.Long(cursor.Int32()),
        BinFloat => PickleValue.Real(cursor.Real()),
        _ => Piece(opcode, cursor),
    };

    private static PickleValue? Piece(PickleOpcode opcode, PickleCursor cursor) => opcode switch
    {
        ShortBinUnicode => cursor.Piece(PickleKind.Text, cursor.Byte()),
        BinUnicode => cursor.Piece(PickleKind.Text, cursor.UInt32()),
        BinUnicode8 => cursor.Piece(PickleKind.Text, cursor.Int64()),
        ShortBinString or ShortBinBytes => cursor.Piece(PickleKind.Bytes, cursor.Byte()),
        BinString => cursor.Piece(PickleKind.Bytes, cursor.Int32()),
        BinBytes => cursor.Piece(PickleKind.Bytes, cursor.UInt32()),
        BinBytes8 or ByteArray8 => cursor.Piece(PickleKind.Bytes, cursor.Int64()),
        _ => null,
    };
}
