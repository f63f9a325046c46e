using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// What an image's compiled text says of the kernels in it, in the words of their source: __launch_bounds__ became .maxntid, a constant for
/// the host stands with its value. The binary of the same file is made of the same source.
/// </summary>
/// <param name="Blocks">Threads of a block by kernel.</param>
/// <param name="Constants">Numbers exported for the host by name.</param>
internal sealed partial record KernelText(IReadOnlyDictionary<string, uint> Blocks, IReadOnlyDictionary<string, uint> Constants)
{
    /// <summary>Reads PTX; where it is none, there are no kernels in it.</summary>
    internal static KernelText Of(byte[] ptx)
    {
        string text = Encoding.ASCII.GetString(ptx);
        return new KernelText(Numbers(Entries(), text), Numbers(HostConstants(), text));
    }

    private static Dictionary<string, uint> Numbers(Regex pattern, string text) =>
        pattern.Matches(text).ToDictionary(m => m.Groups[1].Value, m => uint.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\.entry (\w+)\([^)]*\)\s*\.maxntid (\d+)")]
    private static partial Regex Entries();

    [GeneratedRegex(@"\.const \.align 4 \.[bu]32 (\w+) = (\d+);")]
    private static partial Regex HostConstants();
}
