using System.Text;

namespace ReSTE.Native.Host;

/// <summary>layers.jsonl: an object a line, one for every epoch that is done.</summary>
internal sealed class LayerFile(string path)
{
    public void Create() => TextFile.Replace(path, "");

    public void Append(LayerLine line)
    {
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        file.Write(Encoding.UTF8.GetBytes(line.Text() + "\n"));
        file.Flush(flushToDisk: true);
    }

    /// <summary>
    /// Drops the lines of <paramref name="epoch"/> and later ones, and any line that was cut short; the others stay as they are.
    /// </summary>
    public void CutBack(int epoch)
    {
        var text = File.Exists(path) ? File.ReadAllText(path) : "";
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => LayerLine.Parse(line) is { } read && read.Epoch < epoch);
        TextFile.Replace(path, string.Concat(lines.Select(line => line + "\n")));
    }
}
