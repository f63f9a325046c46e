namespace ReSTE.Native.Slopes;

/// <summary>Pointwise slope h(x) that stands in for the derivative of sign on the way back.</summary>
public enum SlopeKind
{
    /// <summary>h = 1, no parameters: an operand that is not binarised, or the plain straight-through estimator.</summary>
    Identity,

    /// <summary>h = 1 on |x| &lt;= 1, else 0; no parameters.</summary>
    Clipped,

    /// <summary>The derivative of sign(x)|x|^(1/o), see <see cref="Estimators.Reste"/>; parameters o, t, m, m^(1/o) / m.</summary>
    Reste,
}
