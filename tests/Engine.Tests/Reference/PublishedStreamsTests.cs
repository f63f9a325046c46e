using System.Globalization;

namespace ReSTE.Native.Engine.Tests.Reference;

public sealed class PublishedStreamsTests
{
    // "", "a" and "foobar" are the test vectors of FNV's authors.
    [Theory]
    [InlineData("", 0xcbf29ce484222325)]
    [InlineData("a", 0xaf63dc4c8601ec8c)]
    [InlineData("foobar", 0x85944171f73967e8)]
    [InlineData("größe", 0xb7450e1ef58140da)]
    public void Hash_is_fnv_1a(string name, ulong expected) => Assert.Equal(expected, PublishedStreams.Hash(name));

    // The first outputs of the public SplitMix64 from state 0.
    [Theory]
    [InlineData(0, 0xe220a8397b1dcdaf)]
    [InlineData(1, 0x6e789e6aa1b965f4)]
    public void SplitMix64_gives_its_known_sequence(ulong index, ulong expected) =>
        Assert.Equal(expected, PublishedStreams.SplitMix64(0, index));

    [Fact]
    public void Streams_give_the_numbers_another_implementation_gave()
    {
        Assert.Equal([0.3940812349319458f, -0.48230504989624023f, -0.7359843254089355f, -0.14676105976104736f],
            PublishedStreams.Symmetric("public/cifar10/resnet20_1w1a/input0", 4));
        Assert.Equal([1, 0, 8, 4, 1, 7, 8, 0], PublishedStreams.Labels("public/cifar10/resnet20_1w1a/labels0", 8, 10));
    }

    [Fact]
    public void Parameters_follow_the_rule_of_their_kind()
    {
        Assert.Equal([-0.12011542916297913f, -0.15349236130714417f, 0.4470210075378418f],
            PublishedStreams.Parameter("public", "t", "conv1.weight", 16, 3, 3, 3)[..3]);
        Assert.Equal([1.1909795999526978f, 1.0483050346374512f, 0.9646912217140198f],
            PublishedStreams.Parameter("public", "t", "bn1.weight", 3));
        Assert.Equal([-0.06059269979596138f, 0.09449048340320587f, 0.09382975101470947f],
            PublishedStreams.Parameter("public", "t", "bn1.bias", 3));
    }

    // The plainest convolution there is: enough to see that the streams are the ones the recordings were made from.
    [Theory]
    [Trait("Category", "Reference")]
    [MemberData(nameof(ReferenceFiles.Matching), "layer.conv.*.safetensors", MemberType = typeof(ReferenceFiles))]
    public void A_recorded_convolution_follows_from_its_streams(string name)
    {
        var file = ReferenceFiles.Open(name);
        int Setting(string key) => int.Parse(file.Metadata[key], CultureInfo.InvariantCulture);
        int batch = Setting("batch"), from = Setting("in_channels"), to = Setting("out_channels"), kernel = Setting("kernel");
        int height = Setting("height"), width = Setting("width"), stride = Setting("stride"), padding = Setting("padding");
        bool real = bool.Parse(file.Metadata["a32"]);
        string prefix = file.Metadata["prefix"], tag = file.Metadata["tag"];
        float[] x = PublishedStreams.Input($"{prefix}/{tag}/input", batch * from * height * width);
        float[] w = PublishedStreams.Parameter(prefix, tag, "weight", to, from, kernel, kernel);
        double scale = w.Average(value => (double)Math.Abs(value));

        double Sum(int image, int channel, int top, int left)
        {
            double sum = 0;
            for (int tap = 0; tap < from * kernel * kernel; tap++)
            {
                int c = tap / (kernel * kernel), row = top + tap / kernel % kernel, column = left + tap % kernel;
                if ((uint)row >= (uint)height || (uint)column >= (uint)width)
                    continue;
                float value = x[((image * from + c) * height + row) * width + column];
                sum += (real ? value : MathF.Sign(value)) * Math.Sign(w[channel * from * kernel * kernel + tap]);
            }

            return sum;
        }

        double[] recorded = file.ReadFloat64("output");
        int rows = (int)file["output"].Shape[2], columns = (int)file["output"].Shape[3];
        Assert.Equal(batch * to * rows * columns, recorded.Length);
        double difference = 0, norm = 0;
        for (int i = 0; i < recorded.Length; i++)
        {
            int column = i % columns, row = i / columns % rows, channel = i / columns / rows % to, image = i / columns / rows / to;
            double expected = scale * Sum(image, channel, row * stride - padding, column * stride - padding);
            difference += Math.Pow(expected - recorded[i], 2);
            norm += recorded[i] * recorded[i];
        }

        double distance = Math.Sqrt(difference / norm);
        // About ten roundings of float32: the recording rounds its mean and its product, and with real activations its sums (2.3e-7 seen).
        Assert.True(distance <= 1e-6, $"{name}: the output is {distance:E2} of its norm away, tolerance 1e-6");
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: output {distance:E2} of its norm away");
    }
}
