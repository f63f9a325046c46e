namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Seeded numbers, exact in float32, that dwell on the places where signs, slopes and rectifiers change their mind.</summary>
internal static class SampleValues
{
    /// <summary>Both zeros, the boundaries 0.1, 1 and 1.5 on both sides, and the float neighbours of each.</summary>
    public static IReadOnlyList<float> Boundaries { get; } =
    [
        0f, -0f, float.Epsilon, -float.Epsilon,
        .. new[] { 0.1f, 1f, 1.5f }.SelectMany(v => new[] { v, MathF.BitIncrement(v), MathF.BitDecrement(v) })
            .SelectMany(v => new[] { v, -v }),
    ];

    /// <summary>A quarter boundary values, the others uniform in [-2, 2).</summary>
    public static double[] Mixed(int seed, string name, long count) =>
        Fill(seed, name, count, random => random.Next(4) == 0 ? Boundaries[random.Next(Boundaries.Count)] : Uniform(random));

    /// <summary>Uniform in ±[0.1, 2): nothing close to the kink of a rectifier.</summary>
    public static double[] AwayFromZero(int seed, string name, long count) =>
        Fill(seed, name, count, random => (random.Next(2) == 0 ? -1 : 1) * (0.1f + 0.475f * (Uniform(random) + 2)));

    /// <summary>Any rule, with a random sequence of its own for every name.</summary>
    public static double[] Fill(int seed, string name, long count, Func<Random, double> rule)
    {
        int hash = name.Aggregate(seed, (sum, letter) => unchecked(sum * 31 + letter));
        var random = new Random(hash);
        var values = new double[count];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)rule(random);
        return values;
    }

    private static float Uniform(Random random) => 4 * random.NextSingle() - 2;
}
