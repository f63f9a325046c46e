using System.Text.RegularExpressions;
using ReSTE.Native.Files;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>Reads a run's folder, also while the run goes on: a last line without its end is still being written, and left out.</summary>
/// <param name="folder">The folder.</param>
/// <param name="isStrict">Whether a damaged line is refused; else it is left out.</param>
internal sealed partial class RunReader(string folder, bool isStrict)
{
    // The log begins with what is trained, after what there was to notice.
    private const int HeadOfLog = 200;

    public RunData Read()
    {
        var arguments = RunArguments.Of([.. WholeLines(RunFolder.ArgumentsName)]);
        return new(folder, arguments, Epochs())
        {
            Layers = [.. Lines(RunFolder.LayersName, LayerLine.Parse)],
            Speeds = Speeds(),
            Headline = Log().Take(HeadOfLog).Select(line => Headlines().Match(line)).FirstOrDefault(match => match.Success)?
                .Groups[1].Value ?? "",
            Tests = arguments.HoldsOut ? Tests() : [],
        };
    }

    private string PathOf(string name) => Path.Combine(folder, name);

    private List<EpochReport> Epochs()
    {
        var rows = new List<EpochReport>();
        if (isStrict && WholeLines(RunFolder.MetricsName).FirstOrDefault() != MetricsFile.Header)
            throw Damaged(RunFolder.MetricsName, 1, "does not name the columns");
        foreach (var (row, number) in WholeLines(RunFolder.MetricsName).Skip(1).Select((line, i) => (MetricsFile.Parse(line), i + 2)))
        {
            if (row is not null && (rows.Count == 0 || row.Epoch > rows[^1].Epoch))
                rows.Add(row);
            else if (isStrict)
                throw Damaged(RunFolder.MetricsName, number, row is null ? "is no row of numbers" : "has an epoch that was there before");
        }
        return rows;
    }

    private List<(int, double)> Speeds()
    {
        var speeds = new List<(int Epoch, double)>();
        foreach (var line in Lines(RunFolder.RecordsName, MetricsLine.Parse))
        {
            if (line is not { Phase: MetricsLine.Training, Speed: { } speed } || !double.IsFinite(speed))
                continue;
            if (speeds.Count > 0 && speeds[^1].Epoch == line.Epoch)
                speeds[^1] = (line.Epoch, speed);
            else
                speeds.Add((line.Epoch, speed));
        }
        return speeds;
    }

    private IEnumerable<T> Lines<T>(string name, Func<string, T?> parse) where T : class
    {
        var number = 0;
        foreach (var line in WholeLines(name))
        {
            number++;
            if (parse(line) is { } read)
                yield return read;
            else if (isStrict)
                throw Damaged(name, number, "is not what a run writes there");
        }
    }

    private IEnumerable<string> Log() => WholeLines(RunFolder.LogName);

    private string[] Tests() => [.. Log().Select(line => Test().Match(line)).Where(match => match.Success)
        .Select(match => match.Groups[1].Value.Replace('\t', ' ')).TakeLast(2)];

    private IEnumerable<string> WholeLines(string name)
    {
        if (!HasContent(PathOf(name)))
            yield break;
        using var file = RegularFile.OpenRead(PathOf(name), FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        var line = reader.ReadLine();
        while (line is not null && reader.ReadLine() is { } next)
        {
            yield return line;
            line = next;
        }
        if (line is not null && EndsWithLine(file))
            yield return line;
    }

    // Empty files are ordinary here, and what is none at all, such as a named pipe, has no size either.
    private static bool HasContent(string path) =>
        File.Exists(path) && (File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path)) is FileInfo { Length: > 0 };

    private static bool EndsWithLine(FileStream file)
    {
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() == '\n';
    }

    private HostException Damaged(string name, int line, string what) => new(ExitCode.Failure,
        $"{PathOf(name)}, line {Numbers.Text(line)} {what}",
        "mend or remove the line; where the run goes on with --resume, it leaves out what is damaged itself");

    [GeneratedRegex(@"^\S+ \S+ - INFO - (training .*?)(, results in .*)?$")]
    private static partial Regex Headlines();

    [GeneratedRegex(@"^\S+ \S+ - INFO - (test images with the (?:last|best) weights .*)$")]
    private static partial Regex Test();
}
