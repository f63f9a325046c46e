using System.Globalization;

namespace ReSTE.Native.Account;

/// <summary>
/// A form of matrix instruction, from its opcode: multiply-adds of one warp's instruction, and how many a clock a multiprocessor does.
/// The rates are those of research on Hopper: 62.9 % of 990 TFLOP/s at 132 multiprocessors and 1.83 GHz for bf16 from registers (arXiv
/// 2402.13499), 95 % for what a group of warps does together, 0.54 bit instructions of 16 x 8 x 256 a clock.
/// </summary>
internal sealed record MatrixForm(string Name, long MultiplyAdds, double RatePerClock)
{
    // Multiply-adds of bf16 a clock that a multiprocessor has units for: 990e12 / 2 / 132 / 1.83e9.
    private const double Bf16Units = 2048;
    private const double OfAWarp = 0.629, OfAGroup = 0.95;
    private const double BitRate = 0.54 * 16 * 8 * 256;

    public static bool Is(string name) =>
        name is "HMMA" or "IMMA" or "BMMA" or "QMMA" or "HGMMA" or "IGMMA" or "BGMMA" or "QGMMA";

    public static MatrixForm Of(string opcode)
    {
        string[] parts = opcode.Split('.');
        bool group = parts[0].EndsWith("GMMA", StringComparison.Ordinal);
        long multiplyAdds = group ? OfGroup(parts[1]) / 4 : OfWarp(parts[1]);
        double units = parts[0][0] switch
        {
            'B' => BitRate / OfAWarp,
            'I' or 'Q' => 2 * Bf16Units,
            _ => parts.Contains("TF32") ? Bf16Units / 2 : Bf16Units,
        };
        return new(parts[0], multiplyAdds, units * (group ? OfAGroup : OfAWarp) / multiplyAdds) { IsTf32 = parts.Contains("TF32") };
    }

    /// <summary>Whether a real is one number here, and not several parts.</summary>
    public bool IsTf32 { get; private init; }

    /// <summary>Multiply-adds on these units for one that is recorded: see the page's method.</summary>
    /// <param name="work">What is multiplied.</param>
    /// <param name="keepsAllBits">Whether a real is taken in three parts of bf16 and not in two.</param>
    public double Products(WorkKind work, bool keepsAllBits = false) => (work, Name[0]) switch
    {
        (_, 'H') when IsTf32 => 1,
        (WorkKind.Sign, 'H') => keepsAllBits ? 3 : 2,
        (WorkKind.Sign, 'I') => 3,
        (WorkKind.Real, 'H') => keepsAllBits ? 6 : 3,
        _ => 1,
    };

    // 168256 is 16 x 8 x 256, and 884 is 8 x 8 x 4.
    private static long OfWarp(string shape) => shape.StartsWith("168", StringComparison.Ordinal)
        ? 16 * 8 * Number(shape[3..]) : 8 * 8 * Number(shape[2..]);

    private static long OfGroup(string shape) => shape.Split('x').Select(Number).Aggregate((a, b) => a * b);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
