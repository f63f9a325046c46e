using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Cuda.Benchmarks;

// Small operations of which a launch has several.
public sealed partial class LaunchWorkTests
{
    // Of binary weights gradients are written, of the others read; a hundred come after the layers'.
    [Fact]
    public void A_step_along_moves_weights_and_momenta_once() => Check(b =>
    {
        SignLayer[] layers = [b.SignLayer(new(8, 3, 3, 40), slices: 1, GradMode.Write), b.SignLayer(new(16, 3, 3, 64), 1, GradMode.Write)];
        int binary = (int)layers.Sum(l => l.W.Shape.Count);
        Tensor w = b.Reals("w", new(binary + 100)), momentum = b.Reals("momentum", w.Shape), dw = b.Reals("dw", w.Shape),
            slope = b.Reals("slope", new(4)), knobs = b.Reals("knobs", new(3));
        var kernels = (CudaKernels)b.Device.Kernels;
        return (_ => kernels.SignLayersSgdStep(layers, attached: true, SlopeKind.Identity, slope, w, dw, momentum, knobs, binary),
            [new(2 * Bytes(w, momentum) + dw.Bytes + layers.Sum(l => Bytes(l.DSigns!, l.Scale!, l.Scale!)) + Bytes(slope, knobs))]);
    });

    // dy and what the batch norm took are read once for all that follows from them.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Both_gradients_of_the_classifier_read_it_once(bool hasNorm) => Check(b =>
    {
        var c = new Shape(40);
        Tensor x = b.Reals("x", new(200, 40)), w = b.Reals("w", new(10, 40)), bias = b.Reals("b", new(10)),
            dy = b.Reals("dy", new(200, 10)), z = b.Reals("z", x.Shape), m = b.Reals("m", c), s = b.Reals("s", c),
            dgamma = b.Reals("dgamma", c), dbeta = b.Reals("dbeta", c);
        Tensor sums = b.Bytes("sums", b.Device.Kernels.ScratchBytes(ScratchUse.BatchNormBackward, x.Shape));
        NormSums? norm = hasNorm ? new NormSums(z, false, m, s, dgamma, dbeta, sums) : null;
        long ofNorm = hasNorm ? Bytes(z, m, s, dgamma, dbeta, sums, sums) : 0;
        return (k => ((IStepEndLinks)k).LinearGradients(dy, x, w, w, bias, x, GradMode.Write, norm),
            [new(Bytes(dy, x, w, w, bias, x) + ofNorm, Real: 2 * 200 * 40 * 10)]);
    });

    [Fact]
    public void A_pool_finds_what_comes_before_and_after_it() => Check(b =>
    {
        BinaryUnitArguments u = b.Unit(Whole);
        var c = new Shape(32);
        Tensor y = b.Reals("y", new(2, 32)), dy = b.Reals("dy", y.Shape), m = b.Reals("m", c), s = b.Reals("s", c),
            dgamma = b.Reals("dgamma", c), dbeta = b.Reals("dbeta", c), gamma = b.Reals("gamma", c);
        // Two blocks, one an image; of the statistics one of 16 images.
        long partial = 2 * 2 * 2 * 32 * sizeof(double), ofUnit = u.Y.Bytes / 2 + Bytes(u.Scale, u.Mean, u.InvStd, u.DGamma!, u.DBeta!);
        var links = (IStepEndLinks)b.Device.Kernels;
        return (_ =>
        {
            links.AveragePool(u.Y, y, new NormStatistics(true, new(), m, s, u.RunningMean, u.RunningVariance, y));
            links.AveragePoolBackward(dy, u);
            links.AveragePoolBackward(new NormGradient(dy, y, true, gamma, m, s, dgamma, dbeta), u);
        },
        [
            new(Bytes(u.Y, y, m, s) + 2 * Bytes(u.RunningMean, u.RunningVariance) + partial / 2),
            new(Bytes(dy, u.Dy!) + ofUnit + partial),
            new(Bytes(dy, y, gamma, m, s, dgamma, dbeta, u.Dy!) + ofUnit + partial),
        ]);
    });

    [Fact]
    public void The_loss_moves_the_cursor_too() => Check(b =>
    {
        Tensor y = b.Reals("y", new(5, 10)), labels = b.New("labels", new(5), ElementType.Int32),
            loss = b.New("loss", new(1), ElementType.Float64), metrics = b.New("metrics", new(3), ElementType.Float64),
            counters = b.New("counters", new(3), ElementType.Int64);
        return (k => ((IStepEndLinks)k).Loss(y, new(labels, y, loss, metrics, counters, 5)),
            [new(2 * y.Bytes + Bytes(labels, loss) + 2 * metrics.Bytes + 2 * sizeof(long))]);
    });

    // Two blocks of four rows each.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_linear_layer_and_the_loss_are_one(bool hasNorm) => Check(b =>
    {
        var c = new Shape(33);
        Tensor x = b.Reals("x", new(5, 33)), w = b.Reals("w", new(10, 33)), bias = b.Reals("b", new(10)), y = b.Reals("y", new(5, 10)),
            z = b.Reals("z", x.Shape), m = b.Reals("m", c), s = b.Reals("s", c), gamma = b.Reals("gamma", c);
        Tensor labels = b.New("labels", new(5), ElementType.Int32), loss = b.New("loss", new(1), ElementType.Float64),
            metrics = b.New("metrics", new(3), ElementType.Float64);
        AppliedNorm? norm = hasNorm ? new AppliedNorm(z, false, gamma, null, m, s, null) : null;
        return (k => ((IStepEndLinks)k).LinearLoss(new(x, w, bias, y, norm), new(labels, y, loss, metrics, null, 0)),
            [new(Bytes(x, w, bias, y, y, labels, loss) + 2 * metrics.Bytes + 2 * 2 * 3 * sizeof(double)
                + (hasNorm ? Bytes(z, m, s, gamma) : 0), Real: 5 * 33 * 10)]);
    });
}
