using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Estimators;
using ReSTE.Native.Operations;
using ReSTE.Native.Ops;
using ReSTE.Native.Optimisers;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Tapes;

/// <summary>What cannot be recorded is refused while recording, with the op's name, what it wants and what it got.</summary>
public sealed class TapeShapeTests
{
    private readonly Tape _tape;

    public TapeShapeTests()
    {
        var device = new ReferenceDevice();
        _tape = new Tape(device, new ParameterSet(device), training: true);
    }

    [Fact]
    public void A_convolution_names_both_shapes() => Refused(
        () => Conv.Record(_tape, "conv7", X(2, 8, 8, 3), Weight(16, 4, 3).Variable, 1, 1),
        "conv7", "x [N,H,W,I]", "w [O,K,K,I]", "[2,8,8,3]", "[16,3,3,4]");

    [Fact]
    public void A_convolution_needs_room() =>
        Refused(() => Conv.Record(_tape, "conv7", X(2, 2, 2, 4), Weight(16, 4, 3).Variable, 1, 0), "conv7", "[16,3,3,4]",
            "larger than the padded input [2,2,2,4]");

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, -1)]
    [InlineData(1, 3)]
    public void Stride_and_padding_must_suit(int stride, int padding) =>
        Refused(() => Conv.Record(_tape, "conv7", X(2, 8, 8, 4), Weight(16, 4, 3).Variable, stride, padding), "conv7", $"stride {stride}",
            $"padding {padding}");

    [Fact]
    public void A_binary_convolution_names_both_shapes() => Refused(
        () =>
        {
            var (x, w) = new Reste().Binarize(_tape, "conv7", X(2, 8, 8, 3), Weight(16, 4, 3).Variable, realActivations: false);
            BinaryConv.Record(_tape, "conv7", x, w, 1, 1);
        },
        "conv7", "[2,8,8,3]", "[16,3,3,4]");

    [Fact]
    public void A_linear_layer_names_its_shapes() =>
        Refused(() => Linear.Record(_tape, "fc", X(2, 7), Parameter("w", 10, 8), Parameter("b", 10)), "fc", "w [O,I]", "[2,7]", "[10,8]");

    [Fact]
    public void An_addition_wants_equal_shapes() => Refused(() => Add.Record(_tape, "sum", X(2, 3), X(3, 2)), "sum", "[2,3]", "[3,2]");

    [Fact]
    public void A_shortcut_must_fit() =>
        Refused(() => BatchNorm.Record(_tape, "bn", X(2, 4, 4, 8), rectify: true, BatchNormSettings.Default, X(2, 4, 4, 4)), "bn",
            "shortcut [2,4,4,4]", "[2,4,4,8]");

    [Fact]
    public void Batch_norm_wants_two_values_a_channel() =>
        Refused(() => BatchNorm.Record(_tape, "bn", X(1, 1, 1, 8), rectify: true, BatchNormSettings.Default, null), "bn", "[1,1,1,8]",
            "more than one value");

    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    public void A_padded_shortcut_grows_evenly(int channels) =>
        Refused(() => ShortcutPad.Record(_tape, "pad", X(2, 4, 4, 8), channels), "pad", "[2,4,4,8]", $"{channels} channels");

    [Fact]
    public void Pooling_wants_images() => Refused(() => AveragePool.Record(_tape, "pool", X(2, 8)), "pool", "[N,H,W,C]", "[2,8]");

    [Fact]
    public void The_loss_wants_a_label_an_image() => Refused(
        () => SoftmaxCrossEntropy.Record(_tape, X(4, 10), _tape.NewTensor("labels", new Shape(3), ElementType.Int32),
            _tape.NewTensor("loss", new Shape(1)), _tape.NewTensor("metrics", new Shape(3))),
        "loss", "[4,10]", "[3]");

    [Fact]
    public void A_parameter_keeps_its_shape()
    {
        Parameter("w", 3, 4);
        Refused(() => Parameter("w", 4, 3), "w", "[3,4]", "[4,3]");
    }

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 1, 2, 3, 4, 5 })]
    [InlineData(new[] { 1, 0 })]
    [InlineData(new[] { -1 })]
    public void A_shape_has_one_to_four_positive_dimensions(int[] dimensions) =>
        Assert.ThrowsAny<ArgumentException>(() => new Shape(dimensions));

    [Fact]
    public void A_sealed_tape_records_no_more()
    {
        Variable x = X(2, 3);
        using var slab = new Slab(_tape.Device);
        _tape.Seal(slab);
        Assert.Equal("the tape is sealed", Assert.Throws<InvalidOperationException>(() => Relu.Record(_tape, "late", x)).Message);
        Assert.Throws<InvalidOperationException>(() => new Sgd(0.9, 1e-4).Record(_tape, ParameterShare.All));
        Assert.Throws<InvalidOperationException>(() => _tape.Seal(slab));
    }

    [Fact]
    public void A_committed_slab_and_parameter_set_take_no_more()
    {
        using var slab = new Slab(_tape.Device);
        Parameter("w", 3);
        _tape.Parameters.Place(slab);
        slab.Commit();
        Assert.Contains("late", Assert.Throws<InvalidOperationException>(() => Parameter("late", 3)).Message, StringComparison.Ordinal);
        Assert.Contains("late",
            Assert.Throws<InvalidOperationException>(() => slab.Place(_tape.Device.NewTensor("late", new Shape(1)))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_without_memory_says_so() => Assert.Contains(
        "commit its slab first",
        Assert.Throws<InvalidOperationException>(() => _tape.Device.ReadReals(_tape.NewTensor("t", new Shape(2)))).Message,
        StringComparison.Ordinal);

    private Variable X(params int[] shape) => _tape.NewVariable("x", new Shape(shape));

    private Parameter Weight(int outputs, int inputs, int kernel) =>
        _tape.Parameters.Parameter("weight", PublishedLayout.Convolution(outputs, inputs, kernel), Initialisation.Constant(1));

    private Parameter Parameter(string name, params int[] shape) =>
        _tape.Parameters.Parameter(name, PublishedLayout.Same(new Shape(shape)), Initialisation.Constant(0));

    private static void Refused(Action record, params string[] words)
    {
        string message = Assert.Throws<ArgumentException>(record).Message;
        foreach (string word in words)
            Assert.Contains(word, message, StringComparison.Ordinal);
    }
}
