using ReSTE.Native.Randomness;

namespace ReSTE.Native.Tapes;

/// <summary>Draws initial values from Philox, rounded to single precision so that every device starts alike.</summary>
internal static class RandomFill
{
    /// <summary>Values of one parameter; element i depends on (seed, parameter, i) alone.</summary>
    public static double[] Values(Initialisation initialisation, int count, ulong seed, uint parameter)
    {
        var values = new double[count];
        for (int i = 0; i < count; i++)
            values[i] = (float)(initialisation.Scale * Unit(initialisation.Distribution, seed, parameter, (ulong)i));
        return values;
    }

    private static double Unit(Distribution distribution, ulong seed, uint parameter, ulong index)
    {
        if (distribution == Distribution.Constant)
            return 1;
        var (x, y, _, _) = Philox.Block(seed, RandomStream.Initialisation, parameter, index);
        return distribution switch
        {
            Distribution.Uniform => 2 * Philox.Unit(x) - 1,
            Distribution.FromZero => Philox.Unit(x),
            Distribution.Signs => (x & 1) == 0 ? 1 : -1,
            _ => Math.Sqrt(-2 * Math.Log(Philox.Unit(x))) * Math.Cos(2 * Math.PI * Philox.Unit(y)), // Box-Muller
        };
    }
}
