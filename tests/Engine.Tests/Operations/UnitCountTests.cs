using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>The counts that a binary unit keeps on the CPU, and their sums: exact, at every vector width.</summary>
public sealed unsafe class UnitCountTests
{
    public static TheoryData<string> Cases => ConvCases.All;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Counts_and_sums_are_exact(string geometry)
    {
        ConvGeometry g = ConvCases.Parse(geometry);
        uint[] x = Signs(g.N * g.H * g.W, g.I, 3), w = Signs(g.O * g.K * g.K, g.I, 5);
        short[] expected = Counts(g, x, w);
        foreach (int bits in CpuVectors.Available)
        {
            switch (bits)
            {
                case 512:
                    Check<BitSimd512>(g, x, w, expected);
                    break;
                case 256 when Avx2.IsSupported:
                    Check<BitSimd256>(g, x, w, expected);
                    break;
                case 128:
                    Check<BitSimd128>(g, x, w, expected);
                    break;
                default:
                    Check<BitSimdScalar>(g, x, w, expected);
                    break;
            }
        }
    }

    private static void Check<TBits>(ConvGeometry g, uint[] x, uint[] w, short[] expected) where TBits : unmanaged, IBitSimd<TBits>
    {
        var plan = new CountPlan(g);
        short[] counts = new short[expected.Length];
        double[] sums = new double[2 * g.O];
        void* packed = NativeMemory.AlignedAlloc((nuint)CountWeights<TBits>.Bytes(plan), 64);
        void* memory = NativeMemory.AlignedAlloc((nuint)(sizeof(uint) * plan.WorkerWords), 64);
        fixed (uint* xs = x, ws = w)
        fixed (short* to = counts)
        fixed (double* totals = sums)
        {
            var weights = new CountWeights<TBits>(plan, ws, (uint*)packed);
            for (int block = 0; block < weights.Blocks; block++)
                weights.Run(block, 0);
            var job = new CountImage<TBits, CountSums<TBits>>
            {
                Weights = weights,
                X = xs,
                Memory = (uint*)memory,
                Sink = new CountSums<TBits> { Geometry = g, Counts = to, Sums = totals, Pixels = plan.PixelsASum },
            };
            // Rows of an image in two parts, as an evaluation of few images has them.
            for (int n = 0; n < g.N; n++)
            {
                job.Rows(n, 0, g.OH / 2, worker: 0);
                job.Rows(n, g.OH / 2, g.OH, worker: 0);
            }
        }

        NativeMemory.AlignedFree(packed);
        NativeMemory.AlignedFree(memory);
        Assert.Equal(expected, counts);
        for (int o = 0; o < g.O; o++)
        {
            long[] rectified = [.. expected.Where((_, i) => i % g.O == o).Select(count => (long)Math.Max(count, (short)0))];
            Assert.Equal(rectified.Sum(), sums[o]);
            Assert.Equal(rectified.Sum(z => z * z), sums[g.O + o]);
        }
    }

    private static uint[] Signs(int rows, int channels, int seed)
    {
        var random = new Random(seed);
        int words = Bits.Words(channels), rest = channels % Bits.PerWord;
        uint last = rest == 0 ? uint.MaxValue : (1u << rest) - 1;
        return
        [
            .. Enumerable.Range(0, rows * words)
                .Select(i => (uint)random.NextInt64(1L << 32) & (i % words == words - 1 ? last : uint.MaxValue)),
        ];
    }

    private static short[] Counts(in ConvGeometry g, uint[] x, uint[] w)
    {
        short[] counts = new short[g.Output.Count];
        int words = Bits.Words(g.I);
        fixed (uint* xs = x, ws = w)
            for (int at = 0; at < counts.Length; at++)
            {
                int o = at % g.O, q = at / g.O % g.OW, p = at / g.O / g.OW % g.OH, n = at / g.O / g.OW / g.OH, sum = 0;
                for (int tap = 0; tap < g.K * g.K; tap++)
                {
                    int row = p * g.Stride + tap / g.K - g.Padding, column = q * g.Stride + tap % g.K - g.Padding;
                    if ((uint)row >= (uint)g.H || (uint)column >= (uint)g.W)
                        continue;
                    uint* pixel = xs + ((long)(n * g.H + row) * g.W + column) * words, filter = ws + ((long)o * g.K * g.K + tap) * words;
                    for (int i = 0; i < g.I; i++)
                        sum += Bits.Sign(pixel, i) * Bits.Sign(filter, i);
                }

                counts[at] = (short)sum;
            }

        return counts;
    }
}
