namespace ReSTE.Native.Pickles;

/// <summary>
/// The opcodes that pickles of protocol 2 to 5 are written with, by their names in Python's pickletools. Those of the protocols before, of
/// extension codes and of buffers outside the file are refused.
/// </summary>
internal enum PickleOpcode : byte
{
    Proto = 0x80,
    Frame = 0x95,
    Stop = (byte)'.',
    Mark = (byte)'(',
    Pop = (byte)'0',
    PopMark = (byte)'1',

    None = (byte)'N',
    NewTrue = 0x88,
    NewFalse = 0x89,
    BinInt = (byte)'J',
    BinInt1 = (byte)'K',
    BinInt2 = (byte)'M',
    Long1 = 0x8a,
    Long4 = 0x8b,
    BinFloat = (byte)'G',

    ShortBinString = (byte)'U',
    BinString = (byte)'T',
    ShortBinUnicode = 0x8c,
    BinUnicode = (byte)'X',
    BinUnicode8 = 0x8d,
    ShortBinBytes = (byte)'C',
    BinBytes = (byte)'B',
    BinBytes8 = 0x8e,
    ByteArray8 = 0x96,

    EmptyTuple = (byte)')',
    Tuple1 = 0x85,
    Tuple2 = 0x86,
    Tuple3 = 0x87,
    Tuple = (byte)'t',
    EmptyList = (byte)']',
    Append = (byte)'a',
    Appends = (byte)'e',
    EmptyDict = (byte)'}',
    SetItem = (byte)'s',
    SetItems = (byte)'u',
    EmptySet = 0x8f,
    AddItems = 0x90,
    FrozenSet = 0x91,

    Global = (byte)'c',
    StackGlobal = 0x93,
    Inst = (byte)'i',
    Reduce = (byte)'R',
    NewObj = 0x81,
    Build = (byte)'b',
    BinPersId = (byte)'Q',

    BinPut = (byte)'q',
    LongBinPut = (byte)'r',
    Memoize = 0x94,
    BinGet = (byte)'h',
    LongBinGet = (byte)'j',
}
