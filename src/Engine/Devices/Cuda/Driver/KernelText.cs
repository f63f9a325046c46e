using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// What an image's compiled text says of the kernels in it, in the words of their source: __launch_bounds__ became .maxntid, a constant for
/// the host stands with its value. The binary of the same file is made of the same source.
/// </summary>
/// <param name="Capability">The oldest compute capability it is for, 80 for 8.0; 0 where it does not say.</param>
/// <param name="Blocks">Threads of a block by kernel.</param>
/// <param name="Parameters">Bytes of each parameter, in order, by kernel.</param>
/// <param name="Constants">Numbers exported for the host by name.</param>
internal sealed partial record KernelText(int Capability, IReadOnlyDictionary<string, uint> Blocks,
    IReadOnlyDictionary<string, int[]> Parameters, IReadOnlyDictionary<string, uint> Constants)
{
    /// <summary>Reads PTX; where it is none, there are no kernels in it.</summary>
    internal static KernelText Of(byte[] ptx)
    {
        string text = Encoding.ASCII.GetString(ptx);
        int capability = Target().Match(text) is { Success: true } target
            ? int.Parse(target.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
        return new KernelText(capability, Numbers(Entries(), text), Sizes(text), Numbers(HostConstants(), text));
    }

    /// <summary>
    /// Whether the kernels of an image, text or binary, wait for the launch before them: it has a constant that says so, which stands
    /// before its value in a text, and in the table of names of a binary.
    /// </summary>
    internal static bool Waits(ReadOnlySpan<byte> image) =>
        image.IndexOf(" waits_for_launch_before = 1;"u8) >= 0 || image.IndexOf("waits_for_launch_before\0"u8) >= 0;

    private static Dictionary<string, int[]> Sizes(string text) => Entries().Matches(text).ToDictionary(m => m.Groups[1].Value,
        m => Parameter().Matches(m.Groups[3].Value).Select(p => Number(p.Groups[1]) / 8 * (p.Groups[2].Success ? Number(p.Groups[2]) : 1))
            .ToArray());

    private static int Number(Group digits) => int.Parse(digits.Value, CultureInfo.InvariantCulture);

    private static Dictionary<string, uint> Numbers(Regex pattern, string text) =>
        pattern.Matches(text).ToDictionary(m => m.Groups[1].Value, m => uint.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^\.target sm_(\d+)", RegexOptions.Multiline)]
    private static partial Regex Target();

    [GeneratedRegex(@"\.entry (\w+)\((?<3>[^)]*)\)\s*\.maxntid (?<2>\d+)")]
    private static partial Regex Entries();

    // ".param .u64 a", ".param .u64 .ptr .align 1 a", ".param .align 4 .b8 a[40]".
    [GeneratedRegex(@"\.param (?:\.align \d+ )?\.[a-z]+(\d+) [^,\[]*(?:\[(\d+)\])?")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\.const \.align 4 \.[bu]32 (\w+) = (\d+);")]
    private static partial Regex HostConstants();
}
