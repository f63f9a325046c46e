using System.Globalization;
using System.Text.RegularExpressions;

namespace ReSTE.Native.Account;

/// <summary>The part of kernels/README.md that is made here: what stands between its two marks.</summary>
internal static partial class Page
{
    private const string Begin = "<!-- account: begin -->", End = "<!-- account: end -->";

    // Counted from the networks: 16-bit counts, gradients and shortcuts in single precision, each tensor moved as seldom as it can be, all
    // of CIFAR-10 and 256 images.
    private static readonly Dictionary<string, (double Megabytes, double Microseconds)> s_ideals = new(StringComparer.Ordinal)
    {
        ["resnet20_1w1a"] = (1192, 290),
        ["vgg_small_1w1a"] = (1883, 1826),
        ["resnet18_1w1a"] = (4114, 1892),
    };

    /// <summary>The made part.</summary>
    public static List<string> Make(string compiler, IReadOnlyList<StepAccount> accounts,
        IReadOnlyDictionary<string, (double Microseconds, int Launches)> measured)
    {
        StepAccount full = accounts[0];
        List<string> lines =
        [
            $"Compiled by nvcc {compiler} for sm_90a.", "",
            $"### {Title(full)}", "", .. Totals(full), "",
            .. Table.Launches(full, measured), "",
            "Instructions of the loop that is counted, or of the whole kernel where it has none:", "",
            .. Table.Instructions(full),
        ];
        foreach (StepAccount account in accounts.Skip(1))
            lines.AddRange(["", $"### {Title(account)}", "", .. Totals(account), "", .. Table.Short(account)]);
        return lines;
    }

    /// <summary>The made part of a page.</summary>
    /// <exception cref="InvalidDataException">A mark is missing.</exception>
    public static List<string> Read(IReadOnlyList<string> page)
    {
        var (begin, end) = Marks(page);
        return [.. page.Take((begin + 2)..(end - 1))];
    }

    /// <summary>The page with another made part, an empty line around it.</summary>
    public static List<string> Replace(IReadOnlyList<string> page, IEnumerable<string> made)
    {
        var (begin, end) = Marks(page);
        return [.. page.Take(begin + 1), "", .. made, "", .. page.Skip(end)];
    }

    /// <summary>The compiler that a made part names, or an empty text.</summary>
    public static string Compiler(IEnumerable<string> made) =>
        made.Select(line => CompilerName().Match(line)).FirstOrDefault(match => match.Success)?.Groups[1].Value ?? "";

    /// <summary>Lines of one part that the other has not, each with - or + before it. What is measured is not compared.</summary>
    public static List<string> Differences(IReadOnlyList<string> committed, IReadOnlyList<string> made)
    {
        HashSet<string> old = [.. committed.Select(Compared)], now = [.. made.Select(Compared)];
        return
        [
            .. committed.Where(line => !now.Contains(Compared(line))).Select(line => "- " + line),
            .. made.Where(line => !old.Contains(Compared(line))).Select(line => "+ " + line),
        ];
    }

    private static string Compared(string line) => line.StartsWith("| `", StringComparison.Ordinal)
        && line.Count(c => c == '|') == Table.MeasuredCells + 1 ? line[..line.TrimEnd('|').LastIndexOf('|')] : line;

    private static (int Begin, int End) Marks(IReadOnlyList<string> page)
    {
        int begin = page.ToList().IndexOf(Begin), end = page.ToList().IndexOf(End);
        return begin >= 0 && end > begin ? (begin, end) : throw new InvalidDataException($"the page has no lines {Begin} and {End}");
    }

    private static string Title(StepAccount account) => $"{account.Step.Model}, {account.Step.Dataset}, batch {account.Step.Batch}";

    private static IEnumerable<string> Totals(StepAccount account)
    {
        double megabytes = account.Rows.Sum(row => row.Bytes) / 1e6, floor = account.Rows.Sum(row => row.Floor);
        double allowed = account.Rows.Sum(row => row.Allowed ?? 0), least = account.Rows.Sum(row => row.Least);
        yield return Invariant($"{account.Step.Launches.Count} launches, {megabytes:N0} MB. Floors of the launches: {floor:N0} us; ")
            + Invariant($"instructions allow {allowed:N0} us; launch by launch the larger of both: {least:N0} us.");
        if (account.Step.Batch == 256 && s_ideals.TryGetValue(account.Step.Model, out var ideal))
            yield return Invariant($"The floor of such a step is {ideal.Megabytes:N0} MB and {ideal.Microseconds:N0} us: ")
                + Invariant($"this is {megabytes / ideal.Megabytes:N2} x the bytes, and {least / ideal.Microseconds:N2} x the time.");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^Compiled by nvcc (\S+) ")]
    private static partial Regex CompilerName();
}
