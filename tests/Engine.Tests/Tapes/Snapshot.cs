using ReSTE.Native.Tapes;

namespace ReSTE.Native.Engine.Tests.Tapes;

/// <summary>Everything a run of a network leaves behind, by name, to be compared bit by bit.</summary>
internal static class Snapshot
{
    /// <summary>Loss, logits, gradients, values, the optimiser's states and statistics.</summary>
    public static Dictionary<string, double[]> Of(NetworkRun run)
    {
        Dictionary<string, double[]> all = OfState(run.Parameters);
        all.Add("loss", [run.LossValue]);
        all.Add("logits", run.Device.ReadReals(run.Logits.Value));
        foreach (Parameter p in run.Parameters.Parameters)
            all.Add("gradient of " + p.Name, p.ReadGradient());
        return all;
    }

    /// <summary>Values, the optimiser's states and statistics.</summary>
    public static Dictionary<string, double[]> OfState(ParameterSet parameters)
    {
        Dictionary<string, double[]> all = [];
        foreach (Parameter p in parameters.Parameters)
        {
            all.Add(p.Name, p.Read());
            foreach (var (state, tensor) in p.States)
                all.Add($"{state} of {p.Name}", tensor.Read());
        }

        foreach (StateTensor s in parameters.Statistics.Concat(parameters.States.OfRun))
            all.Add(s.Name, s.Read());
        return all;
    }

    /// <summary>Asserts that both hold the same tensors with the same bits.</summary>
    public static void AssertSame(string what, Dictionary<string, double[]> expected, Dictionary<string, double[]> actual)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        foreach (var (name, values) in expected)
        {
            int at = FirstDifference(values, actual[name]);
            Assert.True(at < 0, $"{what}: {name}: element {Math.Max(at, 0)} of {values.Length} is "
                + $"{actual[name].ElementAtOrDefault(Math.Max(at, 0)):r}, expected "
                + $"{values.ElementAtOrDefault(Math.Max(at, 0)):r}, bit for bit");
        }
    }

    /// <summary>The first index where the bits differ; -1 for none.</summary>
    public static int FirstDifference(double[] a, double[] b)
    {
        Assert.Equal(a.Length, b.Length);
        for (int i = 0; i < a.Length; i++)
        {
            if (BitConverter.DoubleToInt64Bits(a[i]) != BitConverter.DoubleToInt64Bits(b[i]))
                return i;
        }

        return -1;
    }
}
