using System.Globalization;
using System.Text.RegularExpressions;

namespace ReSTE.Native.Account;

/// <summary>What a kernel takes of a multiprocessor, from the words of ptxas.</summary>
internal sealed partial record Resources(int Registers, int SharedBytes)
{
    // A multiprocessor of compute capability 9.0. A warp gets registers by 256; a block has 1 KB of shared memory for the system.
    private const int AllRegisters = 65536, AllShared = 228 * 1024, AllWarps = 64, MostBlocks = 32;
    private const int RegistersAtOnce = 256, SharedAtOnce = 128, SharedOfSystem = 1024;

    /// <summary>Blocks of that many threads that fit on one multiprocessor at once.</summary>
    public int BlocksAtOnce(int threads)
    {
        int warps = Up(threads, 32) / 32;
        int byRegisters = AllRegisters / (Up(Registers * 32, RegistersAtOnce) * warps);
        int byShared = AllShared / (Up(SharedBytes, SharedAtOnce) + SharedOfSystem);
        return Math.Min(Math.Min(byRegisters, byShared), Math.Min(AllWarps / warps, MostBlocks));
    }

    /// <summary>The kernels that one log of <c>ptxas -v</c> speaks of.</summary>
    public static Dictionary<string, Resources> Read(string log)
    {
        var found = new Dictionary<string, Resources>(StringComparer.Ordinal);
        foreach (Match match in Used().Matches(log))
            found[match.Groups[1].Value] = new(Number(match.Groups[2]), Number(match.Groups[3]));
        return found;
    }

    private static int Number(Group digits) => digits.Success ? int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture) : 0;

    private static int Up(int value, int unit) => (value + unit - 1) / unit * unit;

    [GeneratedRegex(@"Compiling entry function '([^']+)'(?:(?!Compiling).)*?Used (\d+) registers(?:[^\n]*?(\d+) bytes smem)?",
        RegexOptions.Singleline)]
    private static partial Regex Used();
}
