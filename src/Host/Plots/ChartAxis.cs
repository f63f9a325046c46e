namespace ReSTE.Native.Host;

/// <summary>One axis of a chart: values mapped to points of the page, and ticks at round numbers.</summary>
internal sealed class ChartAxis
{
    private const int WantedSteps = 4;

    // Steps from and below which labels would be long rows of zeros.
    private const double Large = 1e5, Small = 1e-4;

    // Ranges below it are none: their steps would soon have no digits.
    private const double Least = 1e-200;

    private readonly double _from, _to, _start, _length;

    private ChartAxis(double from, double to, double step, double start, double length) =>
        (_from, _to, Step, _start, _length) = (from, to, step, start, length);

    /// <summary>From one tick to the next: 1, 2 or 5 times a power of ten.</summary>
    public double Step { get; }

    /// <summary>The values that carry a label.</summary>
    public IEnumerable<double> Ticks
    {
        get
        {
            // Counted in whole steps, so that no tick is 0.30000000000000004; 0.001 of a step is what rounding may take away.
            for (double i = Math.Ceiling(_from / Step - 1e-3); i <= _to / Step + 1e-3; i++)
                yield return i == 0 ? 0 : i * Step;
        }
    }

    /// <summary>An axis that ends where the values do.</summary>
    public static ChartAxis Exactly(double from, double to, double start, double length) =>
        new(from, to, RoundStep((to - from) / WantedSteps), start, length);

    /// <summary>An axis that ends at ticks, around all values; a single value gets room on both sides.</summary>
    public static ChartAxis Around(double least, double most, double start, double length)
    {
        if (!(most - least > Math.Max(Least, 1e-12 * Math.Max(Math.Abs(least), Math.Abs(most)))))
            (least, most) = (least - 1, most + 1);
        double step = RoundStep((most - least) / WantedSteps);
        return new(Math.Floor(least / step + 1e-9) * step, Math.Ceiling(most / step - 1e-9) * step, step, start, length);
    }

    /// <summary>Where a value lies on the page.</summary>
    public double At(double value) => _start + (value - _from) / (_to - _from) * _length;

    /// <summary>A tick as text, with as many decimals as the step has.</summary>
    public string Label(double tick)
    {
        if (Step is >= Large or < Small)
            return Numbers.Text(Math.Round(tick / Step) * Step);
        int decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(Step) - 1e-9), 0, 12);
        return Numbers.Fixed(tick, decimals);
    }

    private static double RoundStep(double step)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        double share = step / power;
        return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
    }
}
