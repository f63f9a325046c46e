namespace ReSTE.Native.Data.Cifar;

/// <summary>The opcodes of pickle protocol 2 that a batch file uses (names as in Python's pickletools); no other is obeyed.</summary>
internal enum PickleOpcode : byte
{
    Proto = 0x80,
    Mark = (byte)'(',
    Stop = (byte)'.',
    None = (byte)'N',
    NewFalse = 0x89,
    BinInt = (byte)'J',
    BinInt1 = (byte)'K',
    BinInt2 = (byte)'M',
    BinString = (byte)'T',
    ShortBinString = (byte)'U',
    EmptyList = (byte)']',
    EmptyDict = (byte)'}',
    Append = (byte)'a',
    Appends = (byte)'e',
    SetItems = (byte)'u',
    Tuple = (byte)'t',
    Tuple1 = 0x85,
    Tuple2 = 0x86,
    Tuple3 = 0x87,
    Global = (byte)'c',
    Reduce = (byte)'R',
    Build = (byte)'b',
    BinPut = (byte)'q',
    LongBinPut = (byte)'r',
}
