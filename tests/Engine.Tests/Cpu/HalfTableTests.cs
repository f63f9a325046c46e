using System.Runtime.Intrinsics;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Engine.Tests.Cpu;

/// <summary>The tables of eight signed sums that AVX2 looks up, and what chooses from them.</summary>
public sealed class HalfTableTests
{
    private const int Seed = 5;

    public HalfTableTests() => Assert.SkipUnless(VectorWidth.Widest >= 256, "needs AVX2");

    // To the last bit: a sum is looked up, and the sign of the first value changes no digit.
    [Fact]
    public void Every_choice_finds_its_sum()
    {
        var random = new Random(Seed);
        for (int run = 0; run < 100; run++)
        {
            var (a, b, c, d) = (Value(random), Value(random), Value(random), Value(random));
            Vector256<float> table = HalfTable.Sums(a, b, c, d), start = Vector256.Create(Value(random));
            for (uint signs = 0; signs < 16; signs++)
            {
                float expected = start[0] + (Signed(a, signs) + Signed(b, signs >> 1) + (Signed(c, signs >> 2) + Signed(d, signs >> 3)));
                Vector256<float> sum = HalfTable.Add(table, Vector256.Create(HalfTable.Choice(signs)), start);
                Assert.Equal(Vector256.Create(expected), sum);
            }
        }
    }

    [Fact]
    public void Words_of_signs_choose_as_single_signs_do()
    {
        var random = new Random(Seed);
        for (int run = 0; run < 100; run++)
        {
            Vector128<uint> words = Vector128.Create(Word(random), Word(random), Word(random), Word(random));
            Vector128<uint> interleaved = HalfTable.Interleave(words);
            for (int channel = 0; channel < 32; channel++)
            {
                uint signs = 0;
                for (int k = 0; k < HalfTable.Values; k++)
                    signs |= ((words[k] >> channel) & 1) << k;
                float chosen = HalfTable.Choices(interleaved[channel / HalfTable.Size])[channel % HalfTable.Size];
                Assert.Equal(BitConverter.SingleToUInt32Bits(HalfTable.Choice(signs)), BitConverter.SingleToUInt32Bits(chosen));
            }
        }
    }

    private static float Signed(float value, uint sign) => (sign & 1) != 0 ? -value : value;

    private static float Value(Random random) => (float)(random.NextDouble() - 0.5) * MathF.Pow(10, random.Next(-3, 4));

    private static uint Word(Random random) => (uint)random.NextInt64(1L << 32);
}
