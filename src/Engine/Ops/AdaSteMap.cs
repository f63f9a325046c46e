using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// w = AdaSTE's forward map of latent weights, theta and w [..]. The gradient passes as it is: what the map's slope would do to it, the
/// optimiser's factor does, which looks at the gradient too.
/// </summary>
internal sealed class AdaSteMap : UnaryOp
{
    private readonly Tensor _knobs;

    private AdaSteMap(Tape tape, string name, Variable theta, Tensor knobs)
        : base(tape, name, theta, theta.Shape) => _knobs = knobs;

    internal override IEnumerable<Tensor?> BackwardTouches => [Y.Gradient, X.Gradient];

    /// <summary>Records it.</summary>
    /// <param name="tape">Where.</param>
    /// <param name="name">Of its result.</param>
    /// <param name="theta">Latent weights.</param>
    /// <param name="knobs">real [2]: see <see cref="IKernels.AdaSteMap"/>.</param>
    public static Variable Record(Tape tape, string name, Variable theta, Tensor knobs) =>
        new AdaSteMap(tape, name, theta, knobs).RecordOn(tape);

    public override void Forward(IKernels kernels) => kernels.AdaSteMap(X.Value, Y.Value, _knobs);

    protected override void Backward(IKernels kernels, Tensor dy, Tensor dx, GradMode mode) => kernels.Accumulate(dy, dx, mode);
}
