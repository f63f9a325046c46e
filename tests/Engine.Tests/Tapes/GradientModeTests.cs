using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Operations;
using ReSTE.Native.Ops;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Tapes;

/// <summary>Who writes a gradient, who adds to it, and who lends its own.</summary>
public sealed class GradientModeTests
{
    private static readonly Shape s_shape = new(3, 4);

    [Fact]
    public void The_first_op_writes_and_later_ones_add()
    {
        Tape tape = NewTape();
        var sealing = new Sealing(tape);
        Variable x = tape.NewVariable("x", s_shape);
        Assert.Equal(GradMode.Write, sealing.Contribute(x));
        Assert.Equal(s_shape, x.Gradient!.Shape);
        Assert.Equal(GradMode.Add, sealing.Contribute(x));
        Assert.Equal(GradMode.Add, sealing.Contribute(x));
    }

    [Fact]
    public void Nobody_computes_what_nobody_needs()
    {
        Tape tape = NewTape();
        Variable images = tape.NewVariable("images", s_shape, needsGradient: false);
        var sealing = new Sealing(tape);
        Assert.Equal(GradMode.None, sealing.Contribute(images));
        Assert.Equal(GradMode.None, sealing.Share(images, tape.NewVariable("y", s_shape)));
        Assert.Null(images.Gradient);
    }

    [Fact]
    public void A_gradient_is_lent_once_and_then_added_to()
    {
        Tape tape = NewTape();
        var sealing = new Sealing(tape);
        Variable a = tape.NewVariable("a", s_shape), b = tape.NewVariable("b", s_shape), y = tape.NewVariable("y", s_shape);
        sealing.Contribute(y);
        Assert.Equal(GradMode.None, sealing.Share(a, y));
        Assert.Same(y.Gradient, a.Gradient);
        Assert.Equal(GradMode.Write, sealing.Share(b, y));
        Assert.NotSame(y.Gradient, b.Gradient);
        Assert.Equal(GradMode.Add, sealing.Contribute(a));
    }

    [Fact]
    public void A_lent_gradient_that_is_kept_is_started_from_and_not_added_to()
    {
        Tape tape = NewTape();
        var sealing = new Sealing(tape);
        Variable a = tape.NewVariable("a", s_shape), y = tape.NewVariable("y", s_shape);
        sealing.Contribute(y);
        sealing.Share(a, y, keep: true);
        Assert.Equal(GradMode.Write, sealing.ContributeFrom(a, out Tensor? start));
        Assert.Same(y.Gradient, start);
        Assert.NotSame(y.Gradient, a.Gradient);
        Assert.Equal(GradMode.Add, sealing.ContributeFrom(a, out start));
        Assert.Null(start);
        Assert.Empty(sealing.Changed);
    }

    [Fact]
    public void A_lent_gradient_that_is_not_kept_is_added_to()
    {
        Tape tape = NewTape();
        var sealing = new Sealing(tape);
        Variable a = tape.NewVariable("a", s_shape), y = tape.NewVariable("y", s_shape);
        sealing.Contribute(y);
        sealing.Share(a, y);
        Assert.Equal(GradMode.Add, sealing.ContributeFrom(a, out Tensor? start));
        Assert.Null(start);
        Assert.Same(y.Gradient, a.Gradient);
        Assert.Equal([y.Gradient!], sealing.Changed);
    }

    // Of an op that can only add: whoever comes after finds nothing left to start from.
    [Fact]
    public void A_kept_gradient_may_be_added_to_all_the_same()
    {
        Tape tape = NewTape();
        var sealing = new Sealing(tape);
        Variable a = tape.NewVariable("a", new Shape(12)), y = tape.NewVariable("y", s_shape);
        sealing.Contribute(y);
        sealing.Share(a, y, keep: true);
        Assert.Equal(GradMode.Add, sealing.Contribute(a));
        Assert.Equal(GradMode.Add, sealing.ContributeFrom(a, out Tensor? start));
        Assert.Null(start);
        Assert.Equal([y.Gradient!], sealing.Changed);
    }

    [Fact]
    public void A_gradient_that_exists_is_not_replaced_by_a_lent_one()
    {
        Tape tape = NewTape();
        var sealing = new Sealing(tape);
        Variable a = tape.NewVariable("a", s_shape), y = tape.NewVariable("y", s_shape);
        sealing.Contribute(y);
        sealing.Contribute(a);
        Assert.Equal(GradMode.Add, sealing.Share(a, y));
        Assert.NotSame(y.Gradient, a.Gradient);
    }

    // t = s + s with s = relu(x) + x: every way in which a gradient is written, added to, lent and copied, in four ops.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_variable_used_twice_gets_both_gradients(bool reference)
    {
        using Device device = reference ? new ReferenceDevice() : new CpuDevice(1);
        Tape tape = new(device, new ParameterSet(device), training: true);
        Variable x = tape.NewVariable("x", s_shape);
        Variable s = Add.Record(tape, "s", Relu.Record(tape, "r", x), x);
        Variable t = Add.Record(tape, "t", s, s);
        Tensor labels = tape.NewTensor("labels", new Shape(3), ElementType.Int32);
        Tensor loss = tape.NewTensor("loss", new Shape(1), ElementType.Float64),
            metrics = tape.NewTensor("metrics", new Shape(3), ElementType.Float64);
        SoftmaxCrossEntropy.Record(tape, t, labels, loss, metrics);
        using var slab = new Slab(device, SlabMode.Guarded);
        tape.Seal(slab);
        slab.Place(loss);
        slab.Place(metrics);
        slab.Commit();
        double[] values = [.. Enumerable.Range(0, 12).Select(i => (i % 5 - 2) / 2.0)];
        device.WriteReals(x.Value, values);
        device.Write<int>(labels, [0, 3, 2]);
        device.Write<double>(metrics, [0, 0, 0]);
        tape.Run();

        slab.CheckGuards();
        double[] dt = device.ReadReals(t.Gradient!), dx = device.ReadReals(x.Gradient!);
        for (int i = 0; i < dx.Length; i++)
            Assert.Equal(2 * dt[i] * (values[i] > 0 ? 2 : 1), dx[i], 1e-6);
    }

    private static Tape NewTape()
    {
        var device = new ReferenceDevice();
        return new Tape(device, new ParameterSet(device), training: true);
    }
}
