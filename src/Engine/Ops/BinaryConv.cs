using ReSTE.Native.Estimators;
using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// Convolution of signs with signs by XOR and popcount: y = mean|w| * n, n an exact integer, zero padding not counted.
/// x real [N,H,W,I], latent weights [O,K,K,I], y [N,OH,OW,O]. The way back goes through the estimator's slopes.
/// </summary>
internal sealed class BinaryConv : Op
{
    private readonly Variable _x, _y;
    private readonly BinarizeWeights _weights;
    private readonly ConvGeometry _geometry;
    private readonly SlopeKind _slope;
    private readonly Tensor _xBits, _knobs;
    private readonly Tensor? _forwardScratch, _inputScratch, _weightScratch;
    private GradMode _mode;

    private BinaryConv(Tape tape, string name, Variable x, BinarizeWeights weights, in ConvGeometry g, SlopeKind slope)
    {
        _x = x;
        _weights = weights;
        _geometry = g;
        _slope = slope;
        _knobs = tape.Parameters.Knobs.Tensor;
        _xBits = tape.NewTensor(name + ".input_signs", new Shape(g.N, g.H, g.W, Bits.Words(g.I)), ElementType.Bits32);
        _y = tape.NewVariable(name, g.Output);
        IKernels kernels = tape.Device.Kernels;
        _forwardScratch = tape.NewScratch(name + ".forward_scratch", kernels.ScratchBytes(ScratchUse.BinaryConvForward, g));
        _inputScratch = tape.NewScratch(name + ".input_grad_scratch", kernels.ScratchBytes(ScratchUse.BinaryConvInputGrad, g));
        _weightScratch = tape.NewScratch(name + ".weight_grad_scratch", kernels.ScratchBytes(ScratchUse.BinaryConvWeightGrad, g));
    }

    internal override Variable? Output => _y;

    internal override IEnumerable<Tensor?> ForwardTouches => [_x.Value, _xBits, _weights.Signs.Value, _weights.Scale, _y.Value, _forwardScratch];

    internal override IEnumerable<Tensor?> BackwardTouches =>
        [_x.Value, _x.Gradient, _xBits, _weights.Signs.Value, _weights.Scale, _weights.Signs.Gradient, _y.Gradient, _inputScratch, _weightScratch];

    /// <summary>Records the convolution; with <paramref name="realActivations"/> (1W/32A) x is not binarised.</summary>
    public static Variable Record(Tape tape, string name, Variable x, Parameter w, int stride, int padding, Estimator estimator, bool realActivations)
    {
        ConvGeometry g = ConvGeometry.Of(name, x.Shape, w.Value.Shape, stride, padding);
        var weights = new BinarizeWeights(tape, estimator.TransformWeights(tape, w.Variable), name, estimator);
        tape.Record(weights);
        if (realActivations)
            return SignConv.Record(tape, name, x, weights, g);
        var op = new BinaryConv(tape, name, x, weights, g, estimator.ActivationSlope);
        tape.Record(op);
        return op._y;
    }

    public override void Forward(IKernels kernels)
    {
        kernels.SignPack(_x.Value, _xBits);
        kernels.BinaryConvForward(_xBits, _weights.Signs.Value, _weights.Scale, _geometry, _y.Value, _forwardScratch);
    }

    public override void Backward(IKernels kernels)
    {
        kernels.BinaryConvWeightGrad(_y.Gradient!, _xBits, _geometry, _weights.Signs.Gradient!, _weightScratch);
        if (_mode != GradMode.None)
        {
            kernels.BinaryConvInputGrad(_y.Gradient!, _weights.Signs.Value, _weights.Scale, _x.Value, _slope, _knobs, _geometry,
                _x.Gradient!, _mode, _inputScratch);
        }
    }

    internal override void Connect(Sealing seal)
    {
        _mode = seal.Contribute(_x);
        seal.WriteOnly(_weights.Signs);
    }
}
