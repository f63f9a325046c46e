namespace ReSTE.Native.Account;

/// <summary>
/// Instructions of one warp by kind, and the clocks that a multiprocessor of Hopper needs for them when nothing else holds it up: four
/// instructions a clock are issued, and each kind has lanes of its own.
/// </summary>
internal sealed class InstructionMix
{
    private const double WarpLanes = 32, IssuedPerClock = 4, SharedBytesPerClock = 128;

    // Lanes a clock and multiprocessor. Multiplications of integers use half of the lanes for single precision.
    private const double FloatLanes = 128, DoubleLanes = 64, MultiplyLanes = 64, IntegerLanes = 64, SlowLanes = 16, MemoryLanes = 32;

    private readonly Dictionary<InstructionKind, int> _counts;
    private readonly List<MatrixForm> _matrix;

    public InstructionMix(IReadOnlyCollection<Instruction> instructions)
    {
        _counts = instructions.CountBy(i => i.Kind).ToDictionary();
        _matrix = [.. instructions.Where(i => i.Kind == InstructionKind.Matrix).Select(i => MatrixForm.Of(i.Opcode))];
        Count = instructions.Count;
        Multiplications = instructions.Count(i => i.Name is "FFMA" or "HFMA2" && !i.Operands.Contains("RZ, RZ", StringComparison.Ordinal));
        Additions = instructions.Count(i => i.Name == "FADD");
        GlobalBytes = Bytes(instructions, InstructionKind.LoadGlobal, InstructionKind.StoreGlobal);
        SharedBytes = Bytes(instructions, InstructionKind.LoadShared, InstructionKind.StoreShared);
    }

    public int Count { get; }

    /// <summary>Fused multiply-adds in single precision.</summary>
    public int Multiplications { get; }

    public int Additions { get; }

    /// <summary>Bytes that a lane reads and writes in device memory.</summary>
    public int GlobalBytes { get; }

    public int SharedBytes { get; }

    /// <summary>The matrix instructions; those of one loop are of one form.</summary>
    public IReadOnlyList<MatrixForm> Matrix => _matrix;

    public int this[InstructionKind kind] => _counts.GetValueOrDefault(kind);

    /// <summary>What may limit it, in the order of <see cref="Clocks"/>.</summary>
    public static IReadOnlyList<string> Limits { get; } =
        ["issue", "matrix", "fp32", "fp64", "imad", "int", "convert", "memory", "shared"];

    /// <summary>Clocks for one warp's instructions, by what takes them: the largest decides.</summary>
    public double[] Clocks()
    {
        int memory = this[InstructionKind.LoadGlobal] + this[InstructionKind.StoreGlobal] + this[InstructionKind.LoadShared]
            + this[InstructionKind.StoreShared] + this[InstructionKind.Shuffle];
        int floats = this[InstructionKind.Float] + this[InstructionKind.Multiply];
        return
        [
            Count / IssuedPerClock,
            _matrix.Sum(form => 1 / form.RatePerClock),
            floats * WarpLanes / FloatLanes,
            this[InstructionKind.Double] * WarpLanes / DoubleLanes,
            this[InstructionKind.Multiply] * WarpLanes / MultiplyLanes,
            this[InstructionKind.Integer] * WarpLanes / IntegerLanes,
            (this[InstructionKind.Popcount] + this[InstructionKind.Convert]) * WarpLanes / SlowLanes,
            memory * WarpLanes / MemoryLanes,
            SharedBytes * WarpLanes / SharedBytesPerClock,
        ];
    }

    private static int Bytes(IEnumerable<Instruction> instructions, params InstructionKind[] kinds) =>
        instructions.Where(i => kinds.Contains(i.Kind)).Sum(i => i.LaneBytes);
}
