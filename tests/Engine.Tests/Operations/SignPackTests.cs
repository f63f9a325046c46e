using System.Runtime.InteropServices;
using ReSTE.Native.Devices;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Signs to bits: the layout, pinned, and every device against the reference.</summary>
public sealed class SignPackTests
{
    public static TheoryData<int> Channels => [1, 3, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 130];

    [Theory]
    [MemberData(nameof(Channels))]
    public void Every_device_packs_the_same_bits(int channels)
    {
        foreach (int rows in new[] { 1, 2, 67 })
        {
            Comparison.Run(channels, bench =>
            {
                Tensor x = bench.Input("x", new Shape(rows, channels));
                Tensor bits = bench.Output("bits", new Shape(rows, Words(channels)), ElementType.Bits32, Tolerances.Exact);
                return kernels => kernels.SignPack(x, bits);
            });
        }
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public void Channel_c_is_bit_c_mod_32_of_word_c_div_32(int channels)
    {
        // Row r is -1 at channel r and 0 elsewhere: one bit a row, the tail zero.
        double[] values = new double[channels * channels];
        for (int c = 0; c < channels; c++)
            values[c * channels + c] = -1;
        Comparison.OnEveryDevice(device =>
        {
            uint[] words = Pack(device, new Shape(channels, channels), values);
            for (int i = 0; i < words.Length; i++)
            {
                int row = i / Words(channels), word = i % Words(channels);
                Assert.Equal(row / 32 == word ? 1u << (row % 32) : 0, words[i]);
            }
        });
    }

    [Fact]
    public void Only_values_below_zero_set_a_bit()
    {
        double[] values = [0.0, -0.0, 1, -1, float.Epsilon, -float.Epsilon, double.NaN, double.PositiveInfinity,
            double.NegativeInfinity, -1e-38];
        Comparison.OnEveryDevice(device => Assert.Equal([0b1100101000u], Pack(device, new Shape(1, values.Length), values)));
    }

    // Forty channels of -1 fill the first word and a quarter of the second: the other bits must stay zero, whatever the memory held.
    [Fact]
    public void Tail_bits_are_zero()
    {
        double[] values = Enumerable.Repeat(-1.0, 2 * 40).ToArray();
        Comparison.OnEveryDevice(device =>
            Assert.Equal([0xFFFFFFFFu, 0xFFu, 0xFFFFFFFFu, 0xFFu], Pack(device, new Shape(2, 40), values)));
    }

    private static int Words(int channels) => (channels + 31) / 32;

    private static uint[] Pack(Device device, Shape shape, double[] values)
    {
        using var bench = new KernelBench(device, 1);
        Tensor x = bench.Input("x", shape, values);
        Tensor bits = bench.Output("bits", new Shape(shape[0], Words(shape[1])), ElementType.Bits32, Tolerances.Exact);
        bench.Commit();
        device.Kernels.SignPack(x, bits);
        bench.CheckGuards();
        return MemoryMarshal.Cast<byte, uint>(bench.ReadBytes(bits)).ToArray();
    }
}
