namespace ReSTE.Native.Operations;

/// <summary>
/// AdaSTE's forward map and gradient factor at one mu (Le et al., CVPR 2022), as numbers that do not change within an epoch: what the
/// scalar definitions and every device compute with. With a = |theta|, s the sign of theta:
/// <code>
/// map(theta)       = cut((theta + mu (1 + alpha) s) / (1 + mu), -1, 1), which is s where mu alpha >= 1
/// factor(theta, g) = Slope                                  where |g| is at most DeadZone
///                    cut(Saturated / a, 0, Cap) or 0        where a > max(Zero, Edge): g pulls theta to 0, or away from it
///                    cut((Middle +- a) / Divisor / a, 0, Cap) where Zero &lt; a &lt; Edge and g pulls theta to 0
///                    Slope                                  elsewhere
/// </code>
/// The last rows but one are finite differences of the map with a step that carries theta to 0. The published code has - for + where theta
/// is positive, a slip.
/// </summary>
internal readonly record struct AdaSteNumbers
{
    /// <summary>How many numbers the factor has on a device, in the order of the properties from <see cref="Edge"/> on.</summary>
    public const int Count = 9;

    // Below these a latent weight counts as zero, in the published code, where mu alpha is less than 1 and where it is not.
    private const double NearlyZero = 1e-6, NearlyZeroOfSign = 1e-3;

    /// <param name="mu">Strength of the inner cost's pull to the corners; positive.</param>
    /// <param name="alpha">How far beyond the corners it pulls; positive.</param>
    /// <param name="deadZone">Gradients no larger pass with the plain slope.</param>
    /// <param name="cap">The largest factor of a finite difference.</param>
    /// <param name="slips">Whether the published slip is kept.</param>
    public AdaSteNumbers(double mu, double alpha, double deadZone, double cap, bool slips)
    {
        bool isSign = mu >= 1 / alpha;
        (Lift, MapDivisor) = isSign ? (1, 1) : (mu * (1 + alpha), 1 + mu);
        // Latent weights are single precision everywhere but on the reference device, which is to draw the same line.
        Zero = (float)(isSign ? NearlyZeroOfSign : NearlyZero);
        Edge = isSign ? Zero : (float)(1 - mu * alpha);
        DeadZone = (float)deadZone;
        Cap = cap;
        Slope = isSign ? 1 : 1 / (1 + mu);
        Saturated = isSign ? 1 : (1 + 2 * mu + mu * alpha) / (1 + mu);
        Middle = 2 * mu * (1 + alpha);
        Divisor = 1 + mu;
        PositiveShare = slips ? -1 : 1;
    }

    /// <summary>Reads the factor's numbers back from a device's; the map's are not among them.</summary>
    public AdaSteNumbers(ReadOnlySpan<double> factor)
    {
        (Edge, Zero, DeadZone, Cap, Slope) = (factor[0], factor[1], factor[2], factor[3], factor[4]);
        (Saturated, Middle, Divisor, PositiveShare) = (factor[5], factor[6], factor[7], factor[8]);
    }

    /// <summary>What the map adds to a positive latent weight, before it divides.</summary>
    public double Lift { get; }

    /// <summary>What the map divides by.</summary>
    public double MapDivisor { get; }

    /// <summary>Beyond it the map is saturated: 1 - mu alpha in single precision.</summary>
    public double Edge { get; }

    /// <summary>Up to it a latent weight counts as zero.</summary>
    public double Zero { get; }

    /// <summary>Up to it a gradient counts as none.</summary>
    public double DeadZone { get; }

    /// <summary>The largest factor of a finite difference.</summary>
    public double Cap { get; }

    /// <summary>The map's slope where it is not saturated; 1 where the map is the sign.</summary>
    public double Slope { get; }

    /// <summary>Times 1/a, the factor of a saturated weight that is pulled to 0.</summary>
    public double Saturated { get; }

    /// <summary>2 mu (1 + alpha).</summary>
    public double Middle { get; }

    /// <summary>1 + mu.</summary>
    public double Divisor { get; }

    /// <summary>What a is multiplied by beside <see cref="Middle"/> where theta is positive: 1, or -1 as published.</summary>
    public double PositiveShare { get; }

    /// <summary>The forward map of one latent weight.</summary>
    public double Map(double theta) => Math.Clamp((theta + Lift * Math.Sign(theta)) / MapDivisor, -1, 1);

    /// <summary>The factor of one gradient.</summary>
    public double Factor(double theta, double g)
    {
        double a = Math.Abs(theta);
        bool inwards = theta > 0 == g > 0;
        if (!(Math.Abs(g) > DeadZone) || !(a > Zero) || a == Edge || (a < Edge && !inwards))
            return Slope;
        if (a > Edge)
            return inwards ? Math.Clamp(Saturated / a, 0, Cap) : 0;
        return Math.Clamp((Middle + (theta > 0 ? PositiveShare : 1) * a) / Divisor / a, 0, Cap);
    }

    /// <summary>The map's numbers as a device takes them.</summary>
    public double[] ToMap() => [Lift, MapDivisor];

    /// <summary>The factor's numbers as a device takes them.</summary>
    public double[] ToFactor() => [Edge, Zero, DeadZone, Cap, Slope, Saturated, Middle, Divisor, PositiveShare];
}
