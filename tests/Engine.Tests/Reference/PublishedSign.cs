using ReSTE.Native.Estimators;
using ReSTE.Native.Operations;
using ReSTE.Native.Ops;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Reference;

/// <summary>
/// An estimator whose weights may be zero after sign(), as torch.sign has it and one bit has not. The streams that fill the recorded
/// networks give a weight of exactly zero now and then; such a network can be compared in this form only, on the reference device.
/// y = s conv(sign(x), sign(w)) with s = mean |w|, attached: dw = s dy_w h(w) + sign(w) ds / n.
/// </summary>
internal sealed class PublishedSign(Estimator inner) : Estimator
{
    public override string Name => inner.Name;
    public override SlopeKind WeightSlope => inner.WeightSlope;
    public override SlopeKind ActivationSlope => inner.ActivationSlope;

    internal override ConvWeights BinarizeWeights(Tape tape, string layer, Variable weights)
    {
        var op = new Signs(tape, layer, weights, WeightSlope, SlopeOf(tape, WeightSlopeKnob));
        tape.Record(op);
        return new RealWeights(op.Output!, op.Scale);
    }

    private sealed class Signs : Op
    {
        private readonly Variable _w, _signs;
        private readonly SlopeKind _slope;
        private readonly Tensor _parameters;
        private GradMode _mode;

        public Signs(Tape tape, string layer, Variable w, SlopeKind slope, Tensor parameters)
        {
            (_w, _slope, _parameters) = (w, slope, parameters);
            _signs = tape.NewVariable(layer + ".signs", w.Shape);
            Scale = tape.NewVariable(layer + ".scale", new Shape(w.Shape[0]));
        }

        /// <summary>real [O]: the layer's number once for each channel, for it multiplies the finished sums.</summary>
        public Variable Scale { get; }

        internal override Variable Output => _signs;
        internal override IEnumerable<Tensor?> ForwardTouches => [_w.Value, _signs.Value, Scale.Value];
        internal override IEnumerable<Tensor?> BackwardTouches =>
            [_w.Value, _w.Gradient, _signs.Value, _signs.Gradient, Scale.Value, Scale.Gradient];

        public override unsafe void Forward(IKernels kernels)
        {
            long n = _w.Shape.Count;
            double* w = _w.Value.As<double>();
            double sum = 0;
            for (long i = 0; i < n; i++)
            {
                sum += Math.Abs(w[i]);
                _signs.Value.As<double>()[i] = Math.Sign(w[i]);
            }
            new Span<double>(Scale.Value.As<double>(), Scale.Shape[0]).Fill(sum / n);
        }

        public override unsafe void Backward(IKernels kernels)
        {
            Assert.Equal(GradMode.Write, _mode);
            double* p = _parameters.As<double>(), share = Scale.Gradient!.As<double>();
            double shares = 0;
            for (int o = 0; o < Scale.Shape[0]; o++)
                shares += share[o];
            var slope = new Slope { Op = this, Share = shares / _w.Shape.Count };
            _slope.Run(new SlopeParameters(p[0], p[1], p[2], p[3]), slope);
        }

        internal override void Connect(Sealing seal) => _mode = seal.Contribute(_w);

        private readonly unsafe struct Slope : ISlopeKernel
        {
            public required Signs Op { get; init; }

            public required double Share { get; init; }

            public void Run<TSlope>(TSlope slope) where TSlope : unmanaged, ISlope<TSlope>
            {
                double* w = Op._w.Value.As<double>(), signs = Op._signs.Value.As<double>(), gradient = Op._signs.Gradient!.As<double>();
                for (long i = 0; i < Op._w.Shape.Count; i++)
                    Op._w.Gradient!.As<double>()[i] = gradient[i] * slope.Evaluate(w[i]) + signs[i] * Share;
            }
        }
    }
}
