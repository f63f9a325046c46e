using System.Numerics;
using System.Runtime.InteropServices;
using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Operations;
using ReSTE.Native.Randomness;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Signs drawn at random: the same bits on every device, with the right probability, whatever the batch.</summary>
public sealed class BernoulliPackTests
{
    private const long Cursor = 40, Epoch = 3;
    private const ulong Seed = 0x1_2345_6789;

    private static readonly BernoulliDraw Activations = new(RandomStream.ActivationSigns, 5), Weights = new(RandomStream.WeightSigns, 5);

    public static TheoryData<int> Channels => [1, 3, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 130];

    [Theory]
    [MemberData(nameof(Channels))]
    public void Every_device_draws_the_same_bits(int channels)
    {
        foreach (BernoulliDraw draw in new[] { Activations, Weights })
            foreach (var (items, rows) in new[] { (1, 1), (2, 5), (5, 1), (3, 67) })
            {
                var shape = new Shape(items, rows, channels);
                Comparison.Run(channels, bench =>
                {
                    Tensor x = bench.Input("x", shape, SampleValues.Fill(channels, "x", shape.Count, r => r.NextSingle() * 2.2f - 1.1f));
                    Tensor counters = Counters(bench, Cursor);
                    Tensor bits = bench.Output("bits", Packed(shape), ElementType.Bits32, Tolerances.Exact);
                    return kernels => kernels.BernoulliPack(x, counters, draw, bits);
                });
            }
    }

    // The bit of element e written out anew: sixteen bits of the block that the contract names.
    [Fact]
    public void A_bit_is_what_the_contract_says()
    {
        double[] values = SampleValues.Fill(7, "x", 2 * 300, r => r.NextSingle() * 2 - 1);
        foreach (BernoulliDraw draw in new[] { Activations, Weights })
        {
            bool image = draw == Activations;
            var expected = new bool[values.Length];
            for (int i = 0; i < values.Length; i++)
            {
                int n = i / 300, e = i % 300;
                ulong place = (ulong)Cursor + (image ? (ulong)n : 0), block = (ulong)(e / 128 * 16 + e % 16 + (image ? 0 : n * 3 * 16));
                uint stream = (image ? 9u : 10) + 5 * 256;
                var (x, y, z, w) = Philox.Block(((uint)block, (uint)place, (uint)Epoch, stream), (0x2345_6789u, 1u));
                uint word = new[] { x, y, z, w }[e % 64 / 16], r = e % 128 < 64 ? word % 65536 : word / 65536;
                expected[i] = (float)values[i] < (2 * (int)r + 1) / 65536.0 - 1;
            }

            Comparison.OnEveryDevice(device => Assert.Equal(expected, Draw(device, new Shape(2, 3, 100), values, draw, Cursor)));
        }
    }

    [Fact]
    public void From_one_on_and_for_nan_nothing_is_left_to_chance()
    {
        double[] sure = [1, -1, 1.5, -1.5, double.PositiveInfinity, double.NegativeInfinity, double.NaN, float.MaxValue, -float.MaxValue];
        bool[] negative = [false, true, false, true, false, true, false, false, true];
        double[] values = [.. Enumerable.Range(0, 9 * 200).Select(i => sure[i % 9])];
        Comparison.OnEveryDevice(device => Assert.Equal(Enumerable.Range(0, values.Length).Select(i => negative[i % 9]),
            Draw(device, new Shape(1, 200, 9), values, Activations, Cursor)));
    }

    // 200,000 draws each: five standard deviations of their mean are 0.0056 at most.
    [Theory]
    [InlineData(-0.9)]
    [InlineData(-0.5)]
    [InlineData(-0.01)]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(0.99)]
    public void The_share_of_plus_ones_is_the_hard_sigmoid(double x)
    {
        const int count = 200_000;
        foreach (int bits in CpuVectors.Available)
            DevicePool.Use(bits, 1, device =>
            {
                bool[] negative = Draw(device, new Shape(4, count / 4 / 50, 50), [.. Enumerable.Repeat(x, count)], Activations, Cursor);
                double p = (x + 1) / 2, share = negative.Count(n => !n) / (double)count;
                Assert.Equal(p, share, 5 * Math.Sqrt(p * (1 - p) / count));
            });
    }

    [Fact]
    public void An_image_draws_by_its_place_in_the_epoch_and_not_by_its_batch()
    {
        double[] values = SampleValues.Fill(3, "x", 6 * 7 * 20, r => r.NextSingle() * 2 - 1);
        Comparison.OnEveryDevice(device =>
        {
            bool[] all = Draw(device, new Shape(6, 7, 20), values, Activations, Cursor);
            bool[] last = Draw(device, new Shape(2, 7, 20), values[(4 * 140)..], Activations, Cursor + 4);
            Assert.Equal(all[(4 * 140)..], last);
        });
    }

    [Fact]
    public void Nothing_is_drawn_twice()
    {
        using var device = new ReferenceDevice();
        var shape = new Shape(4, 16, 64);
        double[] zeros = new double[shape.Count];
        var draws = new List<bool[]>
        {
            Draw(device, shape, zeros, Activations, Cursor), Draw(device, shape, zeros, Weights, Cursor),
            Draw(device, shape, zeros, Activations with { Layer = 6 }, Cursor),
            Draw(device, shape, zeros, Weights with { Layer = 6 }, Cursor),
            Draw(device, shape, zeros, Activations, Cursor + 4), Draw(device, shape, zeros, Weights, Cursor + 4),
        };
        List<bool[]> items = [.. draws.SelectMany(d => d.Chunk(1024))];
        // Of 1024 fair coins two rows agree in half, give or take 16: six standard deviations are 96.
        for (int i = 0; i < items.Count; i++)
            for (int j = 0; j < i; j++)
                Assert.InRange(items[i].Zip(items[j]).Count(pair => pair.First == pair.Second), 512 - 96, 512 + 96);
        // Nor does a row repeat within itself at any shift that blocks, halves or words could bring about.
        foreach (int shift in new[] { 1, 16, 32, 64, 128, 256 })
            Assert.InRange(items[0].Zip(items[0].Skip(shift)).Count(pair => pair.First == pair.Second) / (1024.0 - shift), 0.4, 0.6);
    }

    private static bool[] Draw(Device device, Shape shape, double[] values, BernoulliDraw draw, long cursor)
    {
        using var bench = new KernelBench(device, 1);
        Tensor x = bench.Input("x", shape, values), counters = Counters(bench, cursor);
        Tensor bits = bench.Output("bits", Packed(shape), ElementType.Bits32, Tolerances.Exact);
        bench.Commit();
        device.Kernels.BernoulliPack(x, counters, draw, bits);
        bench.CheckGuards();
        uint[] words = MemoryMarshal.Cast<byte, uint>(bench.ReadBytes(bits)).ToArray();
        int channels = shape.Last, perRow = Bits.Words(channels);
        bool[] negative = [.. Enumerable.Range(0, (int)shape.Count)
            .Select(i => (words[i / channels * perRow + i % channels / 32] >> (i % channels % 32) & 1) != 0)];
        Assert.Equal(words.Sum(word => BitOperations.PopCount(word)), negative.Count(n => n)); // tail bits are zero
        return negative;
    }

    private static Tensor Counters(KernelBench bench, long cursor) =>
        bench.Input("counters", new Shape(BatchCounters.Count), ElementType.Int64, new[] { cursor, Epoch, (long)Seed });

    private static Shape Packed(Shape x) => new(x[0], x[1], Bits.Words(x.Last));
}
