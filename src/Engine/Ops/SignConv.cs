using ReSTE.Native.Devices;
using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// Convolution of real activations with binary weights (1W/32A): y = scale * (x convolved with sign(w)). Shapes
/// as <see cref="BinaryConv"/>.
/// </summary>
internal sealed class SignConv : Op
{
    private readonly Variable _x, _w, _y;
    private readonly ConvScale _scale;
    private readonly Tensor? _scaleValue;
    private readonly ConvGeometry _geometry;
    private readonly Tensor _noParameters;
    private readonly Tensor? _forwardScratch, _inputScratch, _weightScratch;
    private GradMode _mode;

    private SignConv(Tape tape, string name, Variable x, SignWeights w, in ConvGeometry g)
    {
        _x = x;
        _w = w.Signs;
        _scaleValue = w.Scale;
        _geometry = g;
        _noParameters = tape.Parameters.Knobs.Named("slope of real operands", SlopeParameters.Count);
        _y = tape.NewVariable(name, g.Output);
        _scale = new ConvScale(tape, name, w.Scale, g.Output);
        IKernels kernels = tape.Device.Kernels;
        _forwardScratch = tape.NewScratch(name + ".forward_scratch", kernels.ScratchBytes(ScratchUse.SignConvForward, g));
        _inputScratch = tape.NewScratch(name + ".input_grad_scratch", kernels.ScratchBytes(ScratchUse.BinaryConvInputGrad, g));
        _weightScratch = tape.NewScratch(name + ".weight_grad_scratch", kernels.ScratchBytes(ScratchUse.ConvWeightGrad, g));
    }

    internal override Variable? Output => _y;
    internal override ConvGeometry? Geometry => _geometry;
    internal override LaunchWork ForwardProducts => new(0, Sign: _geometry.Products);

    internal override LaunchWork BackwardProducts =>
        new(0, Sign: _mode != GradMode.None ? _geometry.Products : 0, Real: _geometry.Products);

    internal override IEnumerable<Tensor?> ForwardTouches => [_x.Value, _w.Value, _scaleValue, _y.Value, _forwardScratch];

    internal override IEnumerable<Tensor?> BackwardTouches =>
        [_x.Value, _x.Gradient, _w.Value, _scaleValue, _w.Gradient, _y.Gradient, _scale.ScaledGradient, _inputScratch, _weightScratch];

    public static Variable Record(Tape tape, string name, Variable x, SignWeights w, in ConvGeometry g)
    {
        var op = new SignConv(tape, name, x, w, g);
        tape.Record(op);
        return op._y;
    }

    public override void Forward(IKernels kernels)
    {
        kernels.SignConvForward(_x.Value, _w.Value, _scale.Layer, _geometry, _y.Value, _forwardScratch);
        _scale.Apply(kernels, _y.Value);
    }

    // The weights' gradient is that of scale * sign(w), as for binary activations: the scale is applied by the weights' own backward pass.
    public override void Backward(IKernels kernels)
    {
        kernels.ConvWeightGrad(_y.Gradient!, _x.Value, _geometry, _w.Gradient!, GradMode.Write, _weightScratch);
        if (_mode != GradMode.None)
        {
            kernels.BinaryConvInputGrad(_scale.Scaled(kernels, _y.Gradient!), _w.Value, _scale.Layer, _x.Value, SlopeKind.Identity,
                _noParameters, _geometry, _x.Gradient!, _mode, _inputScratch);
        }
    }

    internal override void Connect(Sealing seal)
    {
        _mode = seal.Contribute(_x);
        seal.WriteOnly(_w);
    }
}
