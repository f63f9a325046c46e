namespace ReSTE.Native.Account;

/// <summary>What part of a multiprocessor an instruction keeps busy.</summary>
internal enum InstructionKind
{
    Matrix,
    Float,
    Double,
    Multiply,
    Integer,
    Popcount,
    Convert,
    LoadGlobal,
    StoreGlobal,
    LoadShared,
    StoreShared,
    Shuffle,
    Barrier,
    Other,
}

/// <summary>One instruction of the disassembly: opcode with its modifiers, and whether it may be left out by a predicate.</summary>
internal sealed record Instruction(int Address, string Opcode, bool Predicated, string Operands)
{
    private static readonly Dictionary<string, InstructionKind> s_kinds = new(StringComparer.Ordinal)
    {
        ["POPC"] = InstructionKind.Popcount,
        ["LDG"] = InstructionKind.LoadGlobal,
        ["LD"] = InstructionKind.LoadGlobal,
        ["LDGSTS"] = InstructionKind.LoadGlobal,
        ["STG"] = InstructionKind.StoreGlobal,
        ["ST"] = InstructionKind.StoreGlobal,
        ["RED"] = InstructionKind.StoreGlobal,
        ["ATOMG"] = InstructionKind.StoreGlobal,
        ["ATOM"] = InstructionKind.StoreGlobal,
        ["LDS"] = InstructionKind.LoadShared,
        ["LDSM"] = InstructionKind.LoadShared,
        ["STS"] = InstructionKind.StoreShared,
        ["STSM"] = InstructionKind.StoreShared,
        ["ATOMS"] = InstructionKind.StoreShared,
        ["SHFL"] = InstructionKind.Shuffle,
        ["BAR"] = InstructionKind.Barrier,
        ["MEMBAR"] = InstructionKind.Barrier,
        ["WARPSYNC"] = InstructionKind.Barrier,
        ["DEPBAR"] = InstructionKind.Barrier,
        ["SYNCS"] = InstructionKind.Barrier,
    };

    private static readonly string[]
        s_float = ["FFMA", "FADD", "FMUL", "HFMA2", "HADD2", "HMUL2", "FFMA32I", "FADD32I", "FMUL32I"],
        s_convert = ["I2F", "F2I", "F2F", "FRND", "I2I", "I2FP", "F2FP", "F2IP", "I2IP", "MUFU"],
        s_integer =
        [
            "LOP3", "LOP", "LOP32I", "IADD3", "IADD", "VIADD", "ISETP", "SHF", "SHL", "SHR", "PRMT", "LEA", "SEL", "MOV", "IMNMX", "VIMNMX",
            "VIADDMNMX", "IABS", "ISCADD", "BMSK", "SGXT", "FLO", "BREV", "PLOP3", "P2R", "R2P", "CS2R", "FSETP", "FSEL", "FSET", "FMNMX",
            "FCHK", "HSETP2", "HSET2", "HMNMX2", "MOVM",
        ];

    /// <summary>The opcode without its modifiers.</summary>
    public string Name { get; } = Opcode.Split('.')[0];

    public InstructionKind Kind => s_kinds.TryGetValue(Name, out InstructionKind kind) ? kind
        : MatrixForm.Is(Name) ? InstructionKind.Matrix
        : Name is "IMAD" or "IMUL" or "IDP" or "IDP4A" ? InstructionKind.Multiply
        : s_float.Contains(Name) ? InstructionKind.Float
        : s_convert.Contains(Name) ? InstructionKind.Convert
        : s_integer.Contains(Name) ? InstructionKind.Integer
        : Name is "DFMA" or "DADD" or "DMUL" or "DSETP" ? InstructionKind.Double : InstructionKind.Other;

    /// <summary>Bytes that a lane moves by it; 0 for what moves none. Without a width an access is of 4 bytes.</summary>
    public int LaneBytes => Kind is not (InstructionKind.LoadGlobal or InstructionKind.StoreGlobal or InstructionKind.LoadShared
        or InstructionKind.StoreShared) ? 0 : Name is "LDSM" or "STSM" ? 4 * MatricesOf(Opcode) : WidthOf(Opcode.Split('.'));

    private static int MatricesOf(string opcode) => opcode.EndsWith(".4", StringComparison.Ordinal) ? 4
        : opcode.EndsWith(".2", StringComparison.Ordinal) ? 2 : 1;

    private static int WidthOf(string[] modifiers) =>
        modifiers.Contains("128") ? 16 : modifiers.Contains("64") ? 8
            : modifiers.Contains("U16") || modifiers.Contains("S16") ? 2 : modifiers.Contains("U8") || modifiers.Contains("S8") ? 1 : 4;
}
