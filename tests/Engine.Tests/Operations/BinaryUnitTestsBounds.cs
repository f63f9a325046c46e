using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>How closely each result of a unit must follow the reference, from the sizes of what the reference computed.</summary>
internal sealed class UnitBounds(UnitCase unitCase, Dictionary<string, double[]> reference)
{
    private const double Epsilon = 1e-5;

    // The secant 0.1^(1/3) / 0.1, rounded up.
    private readonly double _slope = unitCase.Estimator.ActivationSlope == SlopeKind.Reste ? 5 : 1;

    /// <summary>The tolerance of a result.</summary>
    public Tolerance Of(string name)
    {
        int unit = name.IndexOfAny(['1', '2']) is >= 0 and var digit ? name[digit] - '0' : 0;
        double[] magnifications = Magnifications(unit);
        if (name[0] == 'y')
        {
            double[] gammas = Sample($"bn{unit}.weight", magnifications.Length);
            return Tolerances.UnitOutput(magnifications.Zip(gammas, (m, gamma) => m * Math.Abs(gamma)).Max());
        }
        if (name.Contains("running", StringComparison.Ordinal))
            return unitCase.Training ? Tolerances.UnitStatistic : Tolerances.Exact;

        ConvGeometry g = unitCase.Units[unit];
        double walk = Math.Sqrt((double)g.N * g.OH * g.OW), received = OutputError(unit);
        if (name is "dy0" or "dy1" or "dshortcut")
            return received == 0 ? Tolerances.Exact : Tolerances.UnitGradient(received);
        if (name.EndsWith(".bias", StringComparison.Ordinal))
            return received == 0 ? Tolerances.Statistic : Tolerances.UnitGradient(walk * received);
        if (name.StartsWith("dbn", StringComparison.Ordinal))
        {
            double[] sums = Sums(OutputGradient(unit), g.O, Math.Abs);
            return Tolerances.UnitGradientOfGamma(magnifications.Zip(sums, (m, sum) => m * sum).Max() + walk * received);
        }
        return Tolerances.UnitGradient(name == "dx" ? InputError(unit) : _slope * Scale(unit) * walk * NormError(unit));
    }

    private static double[] Sample(string name, long count) => SampleValues.Mixed(UnitRun.Seed, name, count);

    private static double[] Sums(double[] values, int channels, Func<double, double> of)
    {
        var sums = new double[channels];
        for (int i = 0; i < values.Length; i++)
            sums[i % channels] += of(values[i]);
        return sums;
    }

    private double Scale(int unit) => Sample($"conv{unit}.weight", unitCase.Units[unit].Weight.Count).Average(Math.Abs);

    /// <summary>The gradient of a unit's output: fed after the last one.</summary>
    private double[] OutputGradient(int unit) =>
        unit == unitCase.Units.Count - 1 ? Sample("gradient of sum", unitCase.Units[unit].Output.Count) : reference[$"dy{unit}"];

    /// <summary>What <see cref="OutputGradient"/> may be off by; as all errors here in units of U.</summary>
    private double OutputError(int unit) => unit == unitCase.Units.Count - 1 ? 0 : InputError(unit + 1);

    /// <summary>What the gradient before batch norm may be off by.</summary>
    private double NormError(int unit)
    {
        double[] gamma = Sample($"bn{unit}.weight", unitCase.Units[unit].O);
        double gain = gamma.Zip(Deviations(unit), (factor, deviation) => Math.Abs(factor) / deviation).Max();
        return gain * ((4 + Magnifications(unit).Max()) * OutputGradient(unit).Max(Math.Abs) + OutputError(unit));
    }

    /// <summary>What the gradient of the input may be off by.</summary>
    private double InputError(int unit) =>
        _slope * Scale(unit) * Math.Sqrt(ConvCases.InputProducts(unitCase.Units[unit])) * NormError(unit);

    /// <summary>The largest z = max(convolution, 0) of each channel, over what batch norm divides by.</summary>
    private double[] Magnifications(int unit)
    {
        double[] z = reference[$"z{unit}"], deviations = Deviations(unit);
        var largest = new double[deviations.Length];
        for (int i = 0; i < z.Length; i++)
            largest[i % largest.Length] = Math.Max(largest[i % largest.Length], z[i]);
        return [.. largest.Zip(deviations, (size, deviation) => size / deviation)];
    }

    private double[] Deviations(int unit)
    {
        if (!unitCase.Training)
            return [.. reference[$"bn{unit}.running_var"].Select(v => Math.Sqrt(v + Epsilon))];
        int channels = unitCase.Units[unit].O;
        double[] z = [.. reference[$"z{unit}"].Select(v => Math.Max(v, 0))];
        double rows = z.Length / channels;
        double[] means = Sums(z, channels, v => v / rows), squares = Sums(z, channels, v => v * v / rows);
        return [.. means.Zip(squares, (m, q) => Math.Sqrt(Math.Max(0, q - m * m) + Epsilon))];
    }
}
