using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Engine.Tests.Tapes;

/// <summary>The gradient of a whole full-precision network, in double precision, against central differences of its loss.</summary>
public sealed class NetworkGradientTests
{
    // Four images: with two, the last batch norm would turn every feature into +-1 and leave nothing to differentiate.
    private const int Batch = 4, Size = 8;

    // The loss is about 2 with rounding errors of 1e-15, so a difference quotient over 2e-6 is good to about 1e-9; its own error
    // is the third derivative times 1e-12 / 6. About 3,000 ReLUs follow a weight and move by 1e-6 times their slope of up to
    // 1e2: one that crosses zero changes the quotient by the product of its share and how far it crossed, far below the
    // tolerance of 1e-5 of the gradient.
    private const double Step = 1e-6, Relative = 1e-5, Absolute = 1e-8;

    [Theory]
    [InlineData("resnet20", "conv1.weight", 100)]
    [InlineData("resnet20", "bn1.bias", 3)]
    [InlineData("resnet20", "layer1.2.conv2.weight", 1000)]
    [InlineData("resnet20", "layer2.0.conv1.weight", 77)]
    [InlineData("resnet20", "layer3.2.bn1.weight", 5)]
    [InlineData("resnet20", "linear.weight", 321)]
    [InlineData("resnet20", "linear.bias", 9)]
    [InlineData("vgg_small", "conv0.weight", 100)]
    [InlineData("vgg_small", "conv3.weight", 1000)]
    [InlineData("vgg_small", "fc.weight", 321)]
    [InlineData("resnet34", "conv1.weight", 333)]
    [InlineData("resnet34", "layer2.0.downsample.0.weight", 77)]
    [InlineData("resnet34", "layer2.3.conv2.weight", 1000)]
    public void Backward_is_the_derivative_of_forward(string model, string name, int index)
    {
        using var device = new ReferenceDevice();
        bool large = model == "resnet34";
        using NetworkRun run = TapeCase.Build(device, model, realActivations: false, Batch, size: large ? 32 : Size,
            dataset: large ? "imagenet" : "cifar10");
        TapeCase.Feed(run, 0);
        Parameter parameter = run.Parameters.Parameters.Single(p => p.Name == name);
        run.Tape.Forward();
        run.Tape.Backward();
        double gradient = parameter.ReadGradient()[index];

        double[] values = parameter.Read();
        double centre = values[index];
        double At(double value)
        {
            values[index] = value;
            parameter.Write(values);
            run.Tape.Forward();
            return run.LossValue;
        }

        double difference = (At(centre + Step) - At(centre - Step)) / (2 * Step);
        Assert.True(Math.Abs(gradient) > 1e-4, $"{name}[{index}]: the gradient {gradient:e3} is too small to say anything");
        Assert.True(Math.Abs(gradient - difference) <= Absolute + Relative * Math.Abs(difference),
            $"{name}[{index}]: gradient {gradient:r}, difference quotient {difference:r}");
    }
}
