namespace ReSTE.Native.Tapes;

/// <summary>How a parameter starts.</summary>
/// <param name="Distribution">Which distribution.</param>
/// <param name="Scale">
/// Value of a constant or of random signs, deviation of a normal, half width of a uniform, width of one from 0.
/// </param>
public readonly record struct Initialisation(Distribution Distribution, double Scale)
{
    /// <summary>N(0, sqrt(2 / fan_in)), as He et al. (arXiv 1502.01852) for ReLU.</summary>
    public static Initialisation HeNormal(int fanIn) => new(Distribution.Normal, Math.Sqrt(2.0 / fanIn));

    /// <summary>U(-1/sqrt(fan_in), 1/sqrt(fan_in)): PyTorch's default for convolutions, linear layers and their biases.</summary>
    public static Initialisation PyTorchDefault(int fanIn) => new(Distribution.Uniform, 1 / Math.Sqrt(fanIn));

    /// <summary>U(-b, b) with b = sqrt(6 / (fan_in + fan_out)): Glorot and Bengio (AISTATS 2010), PyTorch's xavier_uniform_.</summary>
    public static Initialisation XavierUniform(int fanIn, int fanOut) => new(Distribution.Uniform, Math.Sqrt(6.0 / (fanIn + fanOut)));

    /// <summary>One value with a random sign, either as likely as the other.</summary>
    public static Initialisation Signs(double value) => new(Distribution.Signs, value);

    /// <summary>N(0, deviation).</summary>
    public static Initialisation Normal(double deviation) => new(Distribution.Normal, deviation);

    /// <summary>U(0, 1), as torch.rand.</summary>
    public static Initialisation Unit() => new(Distribution.FromZero, 1);

    /// <summary>One value everywhere.</summary>
    public static Initialisation Constant(double value) => new(Distribution.Constant, value);
}

/// <summary>A family of distributions.</summary>
public enum Distribution
{
    /// <summary>The same value everywhere.</summary>
    Constant,

    /// <summary>Normal with mean 0.</summary>
    Normal,

    /// <summary>Uniform around 0.</summary>
    Uniform,

    /// <summary>Uniform from 0 up.</summary>
    FromZero,

    /// <summary>One size, of either sign with probability one half.</summary>
    Signs,
}
