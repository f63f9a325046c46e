using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>Convolution of real activations with binary weights (1W/32A): y = mean|w| * (x convolved with sign(w)). Shapes as <see cref="BinaryConv"/>.</summary>
internal sealed class SignConv : Op
{
    private readonly Variable _x, _y;
    private readonly BinarizeWeights _weights;
    private readonly ConvGeometry _geometry;
    private readonly Tensor _knobs;
    private readonly Tensor? _forwardScratch, _inputScratch, _weightScratch;
    private GradMode _mode;

    private SignConv(Tape tape, string name, Variable x, BinarizeWeights weights, in ConvGeometry g)
    {
        _x = x;
        _weights = weights;
        _geometry = g;
        _knobs = tape.Parameters.Knobs.Tensor;
        _y = tape.NewVariable(name, g.Output);
        IKernels kernels = tape.Device.Kernels;
        _forwardScratch = tape.NewScratch(name + ".forward_scratch", kernels.ScratchBytes(ScratchUse.SignConvForward, g));
        _inputScratch = tape.NewScratch(name + ".input_grad_scratch", kernels.ScratchBytes(ScratchUse.BinaryConvInputGrad, g));
        _weightScratch = tape.NewScratch(name + ".weight_grad_scratch", kernels.ScratchBytes(ScratchUse.ConvWeightGrad, g));
    }

    internal override Variable? Output => _y;

    internal override IEnumerable<Tensor?> ForwardTouches => [_x.Value, _weights.Signs.Value, _weights.Scale, _y.Value, _forwardScratch];

    internal override IEnumerable<Tensor?> BackwardTouches =>
        [_x.Value, _x.Gradient, _weights.Signs.Value, _weights.Scale, _weights.Signs.Gradient, _y.Gradient, _inputScratch, _weightScratch];

    public static Variable Record(Tape tape, string name, Variable x, BinarizeWeights weights, in ConvGeometry g)
    {
        var op = new SignConv(tape, name, x, weights, g);
        tape.Record(op);
        return op._y;
    }

    public override void Forward(IKernels kernels) =>
        kernels.SignConvForward(_x.Value, _weights.Signs.Value, _weights.Scale, _geometry, _y.Value, _forwardScratch);

    // The product is scale * dŵ, as for binary activations: the scale is applied by the weights' own backward.
    public override void Backward(IKernels kernels)
    {
        kernels.ConvWeightGrad(_y.Gradient!, _x.Value, _geometry, _weights.Signs.Gradient!, GradMode.Write, _weightScratch);
        if (_mode != GradMode.None)
        {
            kernels.BinaryConvInputGrad(_y.Gradient!, _weights.Signs.Value, _weights.Scale, _x.Value, SlopeKind.Identity, _knobs, _geometry,
                _x.Gradient!, _mode, _inputScratch);
        }
    }

    internal override void Connect(Sealing seal)
    {
        _mode = seal.Contribute(_x);
        seal.WriteOnly(_weights.Signs);
    }
}
