using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// Adam on every parameter of a share, as torch.optim.Adam and AdamW: running means of the gradient and of its square, both corrected for
/// having started at zero, which takes the number of steps so far.
/// </summary>
internal sealed class AdamStep : UpdateOp
{
    private readonly string _mean, _square;
    private readonly Tensor _steps, _knobs, _corrections;

    private AdamStep(Tape tape, ParameterShare share, string mean, string square, Tensor steps, Tensor knobs)
        : base(tape.Parameters, share)
    {
        (_mean, _square, _steps, _knobs) = (mean, square, steps, knobs);
        _corrections = tape.NewTensor("adam.corrections", new Shape(2));
    }

    internal override IEnumerable<Tensor?> ForwardTouches => [_corrections, .. base.ForwardTouches];

    /// <summary>Records it among the updates.</summary>
    /// <param name="tape">Where.</param>
    /// <param name="share">What is updated.</param>
    /// <param name="mean">Name of the optimiser's state that holds the means of the gradient.</param>
    /// <param name="square">Name of that which holds the means of its square.</param>
    /// <param name="steps">real [1], which it counts.</param>
    /// <param name="knobs">real [6], see <see cref="IKernels.AdamCorrections"/>.</param>
    public static void Record(Tape tape, ParameterShare share, string mean, string square, Tensor steps, Tensor knobs) =>
        tape.RecordUpdate(new AdamStep(tape, share, mean, square, steps, knobs));

    protected override void Update(IKernels kernels, FlatTensors flat)
    {
        kernels.AdamCorrections(_steps, _knobs, _corrections);
        kernels.AdamStep(flat.Values, flat.Gradients, flat.States[_mean], flat.States[_square], _corrections, _knobs);
    }
}
