using System.Text;

namespace ReSTE.Native.Host;

/// <summary>An estimator's curves as a table and as a picture.</summary>
internal static class EstimatorPlot
{
    private const string Header = "epoch,operand,x,forward,slope";

    /// <summary>One row a point, all epochs, all operands.</summary>
    public static string Csv(IReadOnlyList<SampledCurve> curves)
    {
        var text = new StringBuilder(Header).Append('\n');
        foreach (var curve in curves)
        {
            for (int i = 0; i < curve.X.Length; i++)
            {
                text.AppendJoin(',', Numbers.Text(curve.Epoch), curve.Operand, Numbers.Text(curve.X[i]), Numbers.Text(curve.Forward[i]),
                    Numbers.Text(curve.Slope[i])).Append('\n');
            }
        }
        return text.ToString();
    }

    /// <summary>A row of panels an operand: the map beside sign(x), and the slope. Operands with the same curves share a row.</summary>
    public static string Svg(string title, string details, IReadOnlyList<SampledCurve> curves)
    {
        var rows = new List<List<SampledCurve>>();
        foreach (var operand in curves.GroupBy(curve => curve.Operand).Select(group => group.ToList()))
        {
            int twin = rows.FindIndex(row => row.Zip(operand).All(pair => IsSame(pair.First, pair.Second)));
            if (twin < 0)
                rows.Add(operand);
            else
                rows[twin] = [.. rows[twin].Select(curve => curve with { Operand = $"{curve.Operand} and {operand[0].Operand}" })];
        }
        return SvgChart.Draw(title, details, [.. rows.Select(Panels)]);
    }

    private static IReadOnlyList<ChartPanel> Panels(List<SampledCurve> curves)
    {
        var shown = Shown(curves);
        var (operand, bound) = (curves[0].Operand, curves[0].X[^1]);
        ChartSeries sign = new("sign(x)", [(-bound, -1), (0, -1), (0, 1), (bound, 1)], IsReference: true);
        return
        [
            new($"{operand}: forward", "x", [sign, .. shown.Select(curve => Line(curve.Name, curve.Curve.X, curve.Curve.Forward))]),
            new($"{operand}: {curves[0].SlopeName}", "x", [.. shown.Select(curve => Line(curve.Name, curve.Curve.X, curve.Curve.Slope))]),
        ];
    }

    /// <summary>The curves with their names; one that does not change over the schedule is shown once.</summary>
    private static (string Name, SampledCurve Curve)[] Shown(List<SampledCurve> curves) =>
        curves.Count > 1 && curves.All(curve => IsSame(curve, curves[0]))
            ? [("every epoch", curves[0])]
            : [.. curves.Select(curve => ($"epoch {Numbers.Text(curve.Epoch)}", curve))];

    private static ChartSeries Line(string name, double[] x, double[] y) => new(name, [.. x.Zip(y)]);

    private static bool IsSame(SampledCurve a, SampledCurve b) =>
        a.SlopeName == b.SlopeName && a.Slope.SequenceEqual(b.Slope) && a.Forward.SequenceEqual(b.Forward);
}
