using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// Weights [O,K,K,I] less the mean over the input channels of each tap, cut to [-1, 1]. In training this is what the latent weights
/// themselves become before each step, so that the update goes on from there; an evaluation leaves them as they are.
/// </summary>
internal sealed class CentreWeights : Op
{
    private readonly Tensor _w, _y;

    private CentreWeights(Tensor w, Tensor y) => (_w, _y) = (w, y);

    internal override IEnumerable<Tensor?> ForwardTouches => [_w, _y];

    public static Variable Record(Tape tape, string name, Variable latent)
    {
        Variable y = tape.Training ? latent : tape.NewVariable(name, latent.Shape);
        tape.Record(new CentreWeights(latent.Value, y.Value));
        return y;
    }

    public override void Forward(IKernels kernels) => kernels.CentreWeights(_w, _y);
}
