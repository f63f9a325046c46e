using System.Globalization;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>metrics.csv: one row an epoch, numbers that read back exactly.</summary>
internal sealed class MetricsFile(string path)
{
    public const string Header =
        "epoch,lr,o,train_loss,train_top1,train_top5,val_loss,val_top1,val_top5,estimating_error,gradient_stability,seconds";

    private const int Columns = 12;

    public void Create() => TextFile.Replace(path, Header + "\n");

    public void Append(EpochReport report)
    {
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        using var writer = new StreamWriter(file) { NewLine = "\n" };
        writer.WriteLine(Row(report));
        writer.Flush();
        file.Flush(flushToDisk: true);
    }

    /// <summary>Drops the rows of <paramref name="epoch"/> and later ones, and any row that was cut short.</summary>
    public void CutBack(int epoch)
    {
        var rows = Rows().Where(row => row.Epoch < epoch).Select(Row);
        TextFile.Replace(path, string.Join("\n", rows.Prepend(Header)) + "\n");
    }

    /// <summary>The finished epochs in the file; none where there is no file.</summary>
    public IReadOnlyList<EpochReport> Rows()
    {
        if (!File.Exists(path))
            return [];
        var text = File.ReadAllText(path);
        var whole = text[..(text.LastIndexOf('\n') + 1)];
        return [.. whole.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(Parse).OfType<EpochReport>()];
    }

    private static string Row(EpochReport report) => string.Join(',',
        Numbers.Text(report.Epoch), Numbers.Text(report.LearningRate), Numbers.Text(report.O),
        Numbers.Text(report.Train.Loss), Numbers.Text(report.Train.Top1), Numbers.Text(report.Train.Top5),
        Numbers.Text(report.Validation.Loss), Numbers.Text(report.Validation.Top1), Numbers.Text(report.Validation.Top5),
        Optional(report.EstimatingError), Optional(report.GradientStability), Numbers.Text(report.Seconds));

    private static string Optional(double? value) => value is { } number ? Numbers.Text(number) : "";

    /// <summary>Null of a line that is no row.</summary>
    public static EpochReport? Parse(string line)
    {
        var cells = line.Split(',');
        if (cells.Length != Columns || !int.TryParse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch))
            return null;
        var values = new double[Columns];
        for (var i = 1; i < Columns; i++)
        {
            var isEmptyIndicator = i is 9 or 10 && cells[i].Length == 0;
            if (!isEmptyIndicator && !double.TryParse(cells[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]))
                return null;
        }
        return new(epoch, values[1], values[2], new(values[3], values[4], values[5]), new(values[6], values[7], values[8]),
            cells[9].Length > 0 ? values[9] : null, cells[10].Length > 0 ? values[10] : null, values[11], false);
    }
}
