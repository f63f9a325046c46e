using ReSTE.Native.Operations;
using ReSTE.Native.Ops;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Estimators;

/// <summary>
/// <see cref="EverySlot"/> with each sign replaced by a function that has its value where the numbers stood at first, and the slope
/// for a derivative: sign(x0) + F(x) - F(x0), F the slope's integral. What counts as a constant keeps its first value. So the
/// differences of its loss are the estimator's gradients. Forward on the reference device only, in the test's own loops.
/// </summary>
internal sealed class Surrogate : EverySlot
{
    internal override ConvWeights BinarizeWeights(Tape tape, string layer, Variable weights)
    {
        ConvWeights kept = base.BinarizeWeights(tape, layer, weights);
        return layer == BinaryLayer
            ? new RealWeights(Smooth(tape, layer + ".smooth_weights", weights, Clamped, scaled: true), kept.OutputScale)
            : kept;
    }

    internal override Variable TransformActivations(Tape tape, string layer, Variable x)
    {
        if (layer == BinaryLayer)
            return base.TransformActivations(tape, layer, x);
        var op = new ConstantDeviation(x, tape.NewVariable(layer + ".deviation", x.Shape));
        tape.Record(op);
        return op.Y;
    }

    internal override ConvInput BinarizeActivations(Tape tape, string layer, Variable x) =>
        new RealInput(Smooth(tape, layer + ".smooth_input", x, Root, scaled: false));

    private static Variable Smooth(Tape tape, string name, Variable x, Func<double, double> integral, bool scaled)
    {
        var op = new SmoothSign(x, tape.NewVariable(name, x.Shape), integral, scaled);
        tape.Record(op);
        return op.Y;
    }

    private static double Clamped(double x) => Math.Clamp(x, -1, 1);

    // ReSTE at o = 1.5, t = 1.5, m = 0.1: the secant up to m, the root up to t, constant beyond. The bounds are
    // single precision's, as the slope's.
    private static double Root(double x)
    {
        double a = Math.Min(Math.Abs(x), 1.5f), root = Math.Pow(0.1, 1 / 1.5);
        return Math.Sign(x) * (a <= 0.1f ? a * root / 0.1 : Math.Pow(a, 1 / 1.5));
    }

    /// <summary>y = (sign(x0) + F(x) - F(x0)), times the mean of |x| of each filter where it is scaled.</summary>
    private sealed unsafe class SmoothSign(Variable x, Variable y, Func<double, double> integral, bool scaled) : Op
    {
        private double[]? _first;

        public Variable Y => y;

        internal override IEnumerable<Tensor?> ForwardTouches => [x.Value, y.Value];

        public override void Forward(IKernels kernels)
        {
            var now = new ReadOnlySpan<double>(x.Value.As<double>(), (int)x.Shape.Count);
            _first ??= now.ToArray();
            int filter = now.Length / x.Shape[0];
            for (int i = 0; i < now.Length; i++)
            {
                double scale = 1;
                if (scaled)
                {
                    scale = 0;
                    foreach (double w in now.Slice(i / filter * filter, filter))
                        scale += Math.Abs(w) / filter;
                }

                y.Value.As<double>()[i] = scale * ((_first[i] < 0 ? -1 : 1) + integral(now[i]) - integral(_first[i]));
            }
        }
    }

    /// <summary>y = x over the deviation that each image had at first.</summary>
    private sealed unsafe class ConstantDeviation(Variable x, Variable y) : Op
    {
        private double[]? _deviations;

        public Variable Y => y;

        internal override IEnumerable<Tensor?> ForwardTouches => [x.Value, y.Value];

        public override void Forward(IKernels kernels)
        {
            int size = (int)(x.Shape.Count / x.Shape[0]);
            _deviations ??= [.. Enumerable.Range(0, x.Shape[0])
                .Select(n => Deviation(new ReadOnlySpan<double>(x.Value.As<double>() + n * size, size)))];
            for (int i = 0; i < x.Shape.Count; i++)
                y.Value.As<double>()[i] = x.Value.As<double>()[i] / _deviations[i / size];
        }

        private static double Deviation(ReadOnlySpan<double> values)
        {
            double sum = 0, squares = 0;
            foreach (double v in values)
                sum += v;
            foreach (double v in values)
                squares += (v - sum / values.Length) * (v - sum / values.Length);
            return Math.Sqrt(squares / (values.Length - 1) + 1e-5);
        }
    }
}
