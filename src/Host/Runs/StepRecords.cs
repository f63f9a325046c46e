using System.Text;

namespace ReSTE.Native.Host;

/// <summary>metrics.jsonl: an object a line, for every step that is logged and every epoch.</summary>
internal sealed class StepRecords(string path)
{
    public void Create() => TextFile.Replace(path, "");

    public void Append(MetricsLine line)
    {
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        file.Write(Encoding.UTF8.GetBytes(line.Text() + "\n"));
    }

    /// <summary>Drops what a run that goes on with a step of an epoch writes again, and any line that was cut short.</summary>
    /// <returns>What is left.</returns>
    public IReadOnlyList<MetricsLine> CutBack(int epoch, int step)
    {
        var text = File.Exists(path) ? File.ReadAllText(path) : "";
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(MetricsLine.Parse).OfType<MetricsLine>().Where(line => !line.IsAfter(epoch, step)).ToList();
        TextFile.Replace(path, string.Concat(lines.Select(line => line.Text() + "\n")));
        return lines;
    }
}
