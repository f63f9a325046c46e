using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>What a finished cell's metrics.csv says.</summary>
/// <param name="Epochs">Its rows.</param>
internal sealed record CellNumbers(IReadOnlyList<EpochReport> Epochs)
{
    /// <summary>Highest top-1 of any epoch, in percent.</summary>
    public double BestTop1 => Epochs.Max(row => row.Validation.Top1);

    /// <summary>Top-1 after the last epoch, in percent.</summary>
    public double LastTop1 => Epochs[^1].Validation.Top1;

    /// <summary>Training loss of the last epoch.</summary>
    public double TrainLoss => Epochs[^1].Train.Loss;

    /// <summary>Mean over the epochs, as the log ends with; null where it was not measured.</summary>
    public double? EstimatingError => Measured.Length == 0 ? null : Measured.Average(row => row.EstimatingError!.Value);

    /// <summary>Sum over the epochs, as the log ends with; null where it was not measured.</summary>
    public double? GradientStability => Measured.Length == 0 ? null : Measured.Sum(row => row.GradientStability!.Value);

    private EpochReport[] Measured => [.. Epochs.Where(row => row is { EstimatingError: not null, GradientStability: not null })];

    /// <summary>Null where the cell has not reached its last epoch.</summary>
    public static CellNumbers? Read(SweepCell cell)
    {
        var rows = new MetricsFile(cell.Metrics).Rows();
        return rows.Count > 0 && rows[^1].Epoch == cell.Recipe.Epochs - 1 ? new(rows) : null;
    }
}

/// <summary>A number of several runs: their mean, and the deviation with n - 1, which a single run has not.</summary>
internal readonly record struct Spread(int Count, double Mean, double? Deviation)
{
    /// <summary>Null of no numbers.</summary>
    public static Spread? Of(IEnumerable<double?> values)
    {
        double[] numbers = [.. values.OfType<double>()];
        if (numbers.Length == 0)
            return null;
        var mean = numbers.Average();
        return new(numbers.Length, mean, numbers.Length == 1 ? null
            : Math.Sqrt(numbers.Sum(number => (number - mean) * (number - mean)) / (numbers.Length - 1)));
    }

    public string Text(string form)
    {
        string One(double value) => value.ToString(form, System.Globalization.CultureInfo.InvariantCulture);
        return Deviation is { } deviation ? $"{One(Mean)} ± {One(deviation)}" : One(Mean);
    }
}
