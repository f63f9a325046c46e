using System.Globalization;

namespace ReSTE.Native.Host;

/// <summary>One axis of a chart: where a value lies in its range, by the logarithm or not, and ticks at round numbers.</summary>
internal sealed class ChartAxis
{
    private const int WantedSteps = 4, WantedStepsOfLarge = 8;

    // Steps from and below which labels would be long rows of zeros.
    private const double Large = 1e5, Small = 1e-4;

    // Ranges below it are none: their steps would soon have no digits.
    private const double Least = 1e-200;

    // What a range gets beyond its values, and a logarithm's range beyond which ticks are powers of ten.
    private const double Margin = 0.05, ManyPowers = 2.5;

    private static readonly double[] s_heads = [1, 1.5, 2, 3, 5, 7], s_fewHeads = [1, 3];

    private readonly double _from, _to;
    private readonly bool _isLog;
    private readonly double[] _heads;

    private ChartAxis(string title, double from, double to, double step, bool isLog = false, double[]? heads = null) =>
        (Title, _from, _to, Step, _isLog, _heads) = (title, from, to, step, isLog, heads ?? s_heads);

    /// <summary>What it shows.</summary>
    public string Title { get; }

    /// <summary>From one tick to the next: 1, 2 or 5 times a power of ten; by the logarithm, powers of ten.</summary>
    public double Step { get; }

    /// <summary>The values that carry a label.</summary>
    public IEnumerable<double> Ticks => !_isLog ? Steps()
        : _to - _from > ManyPowers ? Steps().Select(power => Math.Pow(10, power))
        : Heads();

    /// <summary>An axis that ends where the values do.</summary>
    public static ChartAxis Exactly(string title, double from, double to) => new(title, from, to, RoundStep((to - from) / WantedSteps));

    /// <summary>An axis of epochs, which have no parts.</summary>
    public static ChartAxis OfEpochs(string title, double first, double last) => last > first
        ? new(title, first, last, Math.Max(1, RoundStep((last - first) / WantedSteps)))
        : new(title, first - 0.5, first + 0.5, 1);

    /// <summary>An axis that ends at ticks, around all values; a single value gets room on both sides.</summary>
    public static ChartAxis Around(string title, double least, double most)
    {
        if (!(most - least > Math.Max(Least, 1e-12 * Math.Max(Math.Abs(least), Math.Abs(most)))))
            (least, most) = (least - 1, most + 1);
        double step = RoundStep((most - least) / WantedSteps);
        return new(title, Math.Floor(least / step + 1e-9) * step, Math.Ceiling(most / step - 1e-9) * step, step);
    }

    /// <summary>The axis of a large chart, with a margin around all values that are finite, and by the logarithm positive.</summary>
    public static ChartAxis WithMargin(string title, IEnumerable<double> values, bool isLog = false)
    {
        double[] all = [.. values.Where(value => double.IsFinite(value) && (!isLog || value > 0))
            .Select(value => isLog ? Math.Log10(value) : value)];
        var (least, most) = all.Length == 0 ? (0, 1) : (all.Min(), all.Max());
        double margin = most > least ? Margin * (most - least) : Math.Max(0.5, Math.Abs(most) * Margin);
        (least, most) = (least - margin, most + margin);
        double step = (most - least) / WantedStepsOfLarge;
        return isLog ? new(title + " (log scale)", least, most, Math.Ceiling(step), isLog) : new(title, least, most, RoundStep(step));
    }

    /// <summary>The logarithmic axis of a small chart, with a margin around all values above zero; few ticks, of one digit each.</summary>
    public static ChartAxis OfPowers(string title, IEnumerable<double> values)
    {
        double[] all = [.. values.Where(value => double.IsFinite(value) && value > 0).Select(Math.Log10)];
        var (least, most) = (all.Min(), all.Max());
        double margin = Math.Max(0.1, Margin * (most - least));
        (least, most) = (least - margin, most + margin);
        return new(title, least, most, Math.Max(1, Math.Ceiling((most - least) / WantedSteps)), isLog: true, s_fewHeads);
    }

    /// <summary>Where a value lies, from 0 to 1; what lies outside is cut off at the ends.</summary>
    public double Share(double value) =>
        Math.Clamp(((_isLog ? Math.Log10(Math.Max(value, double.Epsilon)) : value) - _from) / (_to - _from), 0, 1);

    /// <summary>A tick as text, with as many decimals as the step has.</summary>
    public string Label(double tick)
    {
        if (_isLog)
            return tick is < 1e-3 or >= Large ? tick.ToString("0.#E+0", CultureInfo.InvariantCulture) : Numbers.Text(Math.Round(tick, 4));
        if (Step is >= Large or < Small)
            return Numbers.Text(Math.Round(tick / Step) * Step);
        int decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(Step) - 1e-9), 0, 12);
        return Numbers.Fixed(tick, decimals);
    }

    // Counted in whole steps, so that no tick is 0.30000000000000004; 0.001 of a step is what rounding may take away.
    private IEnumerable<double> Steps()
    {
        for (double i = Math.Ceiling(_from / Step - 1e-3); i <= _to / Step + 1e-3; i++)
            yield return i == 0 ? 0 : i * Step;
    }

    private IEnumerable<double> Heads() =>
        from power in Enumerable.Range((int)Math.Floor(_from), (int)Math.Ceiling(_to) - (int)Math.Floor(_from) + 1)
        from head in _heads
        where Math.Log10(head) + power >= _from && Math.Log10(head) + power <= _to
        select head * Math.Pow(10, power);

    private static double RoundStep(double step)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        double share = step / power;
        return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
    }
}
