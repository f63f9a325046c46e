using ReSTE.Native.Devices;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Training;

/// <summary>Looks once an epoch for numbers that are not finite in weights, gradients and running statistics.</summary>
internal static class FiniteCheck
{
    /// <summary>Throws <see cref="NonFiniteException"/>, naming the first tensor that holds one.</summary>
    public static void Run(Device device, ParameterSet parameters, int epoch)
    {
        parameters.ForEach(parameters.Flat.Values, (p, values) => Check(values, p.Name, isGradient: false, epoch));
        parameters.ForEach(parameters.Flat.Gradients, (p, values) => Check(values, p.Name, isGradient: true, epoch));
        foreach (StateTensor s in parameters.Statistics)
            Check(device.ReadReals(s.Value), s.Name, isGradient: false, epoch);
    }

    /// <summary>Throws where the mean loss of a pass is not finite: the weights may still be.</summary>
    public static void Loss(double loss, Phase pass, int epoch)
    {
        if (!double.IsFinite(loss))
            throw NonFiniteException.OfLoss(pass, loss, epoch);
    }

    private static void Check(ReadOnlySpan<double> values, string tensor, bool isGradient, int epoch)
    {
        int at = 0;
        while (at < values.Length && double.IsFinite(values[at]))
            at++;
        if (at < values.Length)
            throw NonFiniteException.In(tensor, isGradient, at, values.Length, values[at], epoch);
    }
}
