using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>
/// Epochs as rows of a table for a terminal: as many columns as its width has room for, in order of what people look at first. The best one
/// so far is marked.
/// </summary>
internal sealed class EpochTable(int epochs)
{
    private const string Gap = "  ", BestMark = "*";

    // In the order they stand in; the least important number goes first where there is no room.
    private readonly Column[] _columns =
    [
        new("epoch", 2 * Numbers.Text(epochs).Length + 1, 0, row => $"{Numbers.Text(row.Report.Epoch + 1)}/{Numbers.Text(epochs)}"),
        new("lr", 7, 6, row => Rate(row.Report.LearningRate)),
        new("o", 5, 7, row => Numbers.Fixed(row.Report.O, 3)),
        new("train loss", 10, 2, row => Numbers.Fixed(row.Report.Train.Loss, 4)),
        new("top-1", 6, 3, row => Numbers.Fixed(row.Report.Train.Top1, 2)),
        new("val loss", 8, 4, row => Numbers.Fixed(row.Report.Validation.Loss, 4)),
        new("top-1 ", 7, 1, row => Numbers.Fixed(row.Report.Validation.Top1, 2) + (row.Report.IsBest ? BestMark : " ")),
        new("top-5", 6, 8, row => Numbers.Fixed(row.Report.Validation.Top5, 2)),
        new("time", 8, 5, row => Time(row.Report.Seconds)),
        new("img/s", 7, 9, row => row.ImagesPerSecond > 0 ? Numbers.Fixed(row.ImagesPerSecond, 0) : ""),
    ];

    private string? _header;

    /// <summary>The lines that an epoch adds: a row, and a header before the first one and where the columns are others.</summary>
    /// <param name="report">The epoch.</param>
    /// <param name="imagesPerSecond">Of its training; 0 where no step of it was seen.</param>
    /// <param name="width">Columns of the terminal.</param>
    public IReadOnlyList<string> Add(EpochReport report, double imagesPerSecond, int width)
    {
        var columns = Fitting(width);
        var header = string.Join(Gap, columns.Select(column => column.Name.PadLeft(column.Width))).TrimEnd();
        var row = string.Join(Gap, columns.Select(column => column.Text((report, imagesPerSecond)).PadLeft(column.Width))).TrimEnd();
        if (header == _header)
            return [row];
        _header = header;
        return [header, row];
    }

    private Column[] Fitting(int width)
    {
        var left = width;
        var chosen = new HashSet<Column>();
        foreach (var column in _columns.OrderBy(column => column.Rank))
        {
            left -= column.Width + (chosen.Count > 0 ? Gap.Length : 0);
            if (left < 0)
                break;
            chosen.Add(column);
        }
        return chosen.Count == 0 ? [_columns[0]] : [.. _columns.Where(chosen.Contains)];
    }

    private static string Time(double seconds) =>
        seconds < 60 ? Numbers.Fixed(seconds, 1) + " s" : Duration.Text(TimeSpan.FromSeconds(seconds));

    // Four digits that say something, at the end of a schedule too.
    private static string Rate(double rate) => rate is 0 or >= 0.001 ? Numbers.Fixed(rate, 4)
        : rate.ToString("0.0e-0", System.Globalization.CultureInfo.InvariantCulture);

    /// <param name="Name">Its heading.</param>
    /// <param name="Width">Its width at least.</param>
    /// <param name="Rank">The smaller, the longer it stays.</param>
    /// <param name="Text">A cell.</param>
    private sealed record Column(string Name, int Width, int Rank, Func<(EpochReport Report, double ImagesPerSecond), string> Text)
    {
        public int Width { get; } = Math.Max(Width, Name.Length);
    }
}
