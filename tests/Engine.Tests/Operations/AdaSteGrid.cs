using ReSTE.Native.Operations;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Latent weights and gradients on and beside every boundary of AdaSTE's table, and the mu that they are tried with.</summary>
internal static class AdaSteGrid
{
    public const double Alpha = 0.01, DeadZone = 1e-3, Cap = 0.5;

    /// <summary>Small, where the cap hides the slip, close to the sign, and the sign.</summary>
    public static double[] Mus { get; } = [0.0105, 0.25, 1, 50, 99, 100];

    /// <summary>The numbers at one mu.</summary>
    public static AdaSteNumbers At(double mu, bool slips, double deadZone = DeadZone) => new(mu, Alpha, deadZone, Cap, slips);

    /// <summary>Pairs of a latent weight and a gradient, in single precision.</summary>
    public static (double[] Theta, double[] Gradient) Pairs(double mu)
    {
        float edge = (float)(1 - mu * Alpha), dead = (float)DeadZone;
        float[] sizes =
        [
            0, 1e-7f, 1e-6f, MathF.BitIncrement(1e-6f), 1e-3f, MathF.BitIncrement(1e-3f), 0.2f, 0.6f, Math.Abs(edge),
            MathF.BitDecrement(Math.Abs(edge)), MathF.BitIncrement(Math.Abs(edge)), 1, 2, 10, 1e6f,
        ];
        float[] gradients = [0, 1e-9f, 5e-4f, dead, MathF.BitIncrement(dead), MathF.BitDecrement(dead), 0.01f, 3];
        var pairs = from t in sizes.SelectMany(s => new[] { s, -s })
                    from g in gradients.SelectMany(s => new[] { s, -s })
                    select ((double)t, (double)g);
        return (pairs.Select(p => p.Item1).ToArray(), pairs.Select(p => p.Item2).ToArray());
    }
}
