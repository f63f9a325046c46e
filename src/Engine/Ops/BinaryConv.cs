using ReSTE.Native.Devices;
using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// Convolution of signs with signs by XOR and popcount: y = scale * n, n an exact integer, zero padding not counted.
/// x [N,H,W,I], w [O,K,K,I], y [N,OH,OW,O]. The gradient passes to the activations through their slope.
/// </summary>
internal sealed class BinaryConv : Op
{
    private readonly SignInput _x;
    private readonly Variable _w, _y;
    private readonly ConvScale _scale;
    private readonly Tensor? _scaleValue;
    private readonly ConvGeometry _geometry;
    private readonly Tensor? _forwardScratch, _inputScratch, _weightScratch;
    private GradMode _mode;

    private BinaryConv(Tape tape, string name, SignInput x, SignWeights w, in ConvGeometry g)
    {
        _x = x;
        _w = w.Signs;
        _scaleValue = w.Scale;
        _geometry = g;
        _y = tape.NewVariable(name, g.Output);
        _scale = new ConvScale(tape, name, w.Scale, g.Output);
        IKernels kernels = tape.Device.Kernels;
        _forwardScratch = tape.NewScratch(name + ".forward_scratch", kernels.ScratchBytes(ScratchUse.BinaryConvForward, g));
        _inputScratch = tape.NewScratch(name + ".input_grad_scratch", kernels.ScratchBytes(ScratchUse.BinaryConvInputGrad, g));
        _weightScratch = tape.NewScratch(name + ".weight_grad_scratch", kernels.ScratchBytes(ScratchUse.BinaryConvWeightGrad, g));
    }

    internal override Variable? Output => _y;
    internal override ConvGeometry? Geometry => _geometry;
    internal override LaunchWork ForwardProducts => new(0, Bits: _geometry.Products);
    internal override LaunchWork BackwardProducts => new(0, Sign: _geometry.Products * (_mode != GradMode.None ? 2 : 1));
    internal override IEnumerable<Tensor?> ForwardTouches => [_x.Bits, _w.Value, _scaleValue, _y.Value, _forwardScratch];

    internal override IEnumerable<Tensor?> BackwardTouches =>
    [
        _x.X.Value, _x.X.Gradient, _x.Bits, _w.Value, _scaleValue, _w.Gradient, _y.Gradient, _scale.ScaledGradient,
        _inputScratch, _weightScratch,
    ];

    /// <summary>Records the convolution that suits the operands: either may be packed signs or real.</summary>
    /// <param name="tape">Where.</param>
    /// <param name="name">Of the layer.</param>
    /// <param name="x">[N,H,W,I].</param>
    /// <param name="w">[O,K,K,I].</param>
    /// <param name="stride">Pixels from one tap to the next.</param>
    /// <param name="padding">Pixels of zero padding.</param>
    public static Variable Record(Tape tape, string name, ConvInput x, ConvWeights w, int stride, int padding)
    {
        Variable y = (x, w) switch
        {
            (SignInput xs, SignWeights ws) =>
                Record(tape, name, xs, ws, ConvGeometry.Of(name, xs.X.Shape, ws.Signs.GradientShape, stride, padding)),
            (RealInput xr, SignWeights ws) =>
                SignConv.Record(tape, name, xr.X, ws, ConvGeometry.Of(name, xr.X.Shape, ws.Signs.GradientShape, stride, padding)),
            (SignInput xs, RealWeights wr) =>
                Conv.Record(tape, name, SignUnpack.Record(tape, name + ".unpacked", xs), wr.W, stride, padding),
            (RealInput xr, RealWeights wr) => Conv.Record(tape, name, xr.X, wr.W, stride, padding),
            _ => throw new ArgumentException($"{name}: no convolution of {x} with {w}"),
        };
        return w.OutputScale == null ? y : ChannelScale.Record(tape, name + ".scaled", y, w.OutputScale);
    }

    public override void Forward(IKernels kernels)
    {
        kernels.BinaryConvForward(_x.Bits, _w.Value, _scale.Layer, _geometry, _y.Value, _forwardScratch);
        _scale.Apply(kernels, _y.Value);
    }

    public override void Backward(IKernels kernels)
    {
        kernels.BinaryConvWeightGrad(_y.Gradient!, _x.Bits, _geometry, _w.Gradient!, _weightScratch);
        if (_mode != GradMode.None)
        {
            kernels.BinaryConvInputGrad(_scale.Scaled(kernels, _y.Gradient!), _w.Value, _scale.Layer, _x.X.Value, _x.Slope,
                _x.SlopeParameters, _geometry, _x.X.Gradient!, _mode, _inputScratch);
        }
    }

    internal override void Connect(Sealing seal)
    {
        _mode = seal.Contribute(_x.X);
        seal.WriteOnly(_w);
    }

    private static Variable Record(Tape tape, string name, SignInput x, SignWeights w, in ConvGeometry g)
    {
        var op = new BinaryConv(tape, name, x, w, g);
        tape.Record(op);
        return op._y;
    }
}
