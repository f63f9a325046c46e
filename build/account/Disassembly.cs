using System.Globalization;
using System.Text.RegularExpressions;

namespace ReSTE.Native.Account;

/// <summary>The code of one kernel as nvdisasm -c prints it: instructions by their addresses, and where labels stand.</summary>
internal sealed partial class Disassembly
{
    private readonly Dictionary<string, int> _labels = new(StringComparer.Ordinal);
    private readonly List<Instruction> _instructions = [];

    private Disassembly(string kernel) => Kernel = kernel;

    public string Kernel { get; }

    public IReadOnlyList<Instruction> Instructions => _instructions;

    /// <summary>The kernels of one image, in its order.</summary>
    public static List<Disassembly> Read(IEnumerable<string> lines)
    {
        var all = new List<Disassembly>();
        foreach (string line in lines)
            if (Section().Match(line) is { Success: true } section)
                all.Add(new Disassembly(section.Groups[1].Value));
            else if (all.Count > 0)
                all[^1].Add(line);
        return all;
    }

    /// <summary>The instruction that a label stands before: one past the last where it ends the code. Null without such a label.</summary>
    public int? At(string label) => _labels.TryGetValue(label, out int index) ? index : null;

    private void Add(string line)
    {
        if (Label().Match(line) is { Success: true } label)
            _labels[label.Groups[1].Value] = _instructions.Count;
        else if (Line().Match(line) is { Success: true } match)
            _instructions.Add(new Instruction(int.Parse(match.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                match.Groups[3].Value, match.Groups[2].Success, match.Groups[4].Value));
    }

    [GeneratedRegex(@"^\.text\.(\S+):")]
    private static partial Regex Section();

    [GeneratedRegex(@"^\s*([.$][^\s:]+):\s*$")]
    private static partial Regex Label();

    [GeneratedRegex(@"^\s*/\*([0-9a-f]+)\*/\s+(?:\{\s*)?(@!?U?P\w+\s+)?([A-Z][A-Z0-9_.x]*)\s*(.*?)\s*;")]
    private static partial Regex Line();
}
