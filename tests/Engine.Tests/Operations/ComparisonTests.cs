using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>The harness itself: each kind of mistake must fail, and be named.</summary>
public sealed class ComparisonTests
{
    [Fact]
    public unsafe void A_value_beyond_the_tolerance_fails_and_says_where()
    {
        string message = Mistake((y, _) => y[17] += 1e-3f);
        Assert.Contains("y Float32[33] at 17: expected ", message, StringComparison.Ordinal);
        Assert.Contains("tolerance 0.00e+000 (one rounding of an exact value)", message, StringComparison.Ordinal);
        Assert.Contains("seed 5", message, StringComparison.Ordinal);
    }

    [Fact]
    public unsafe void An_unwritten_value_fails() =>
        Assert.Contains("at 32: expected ", Mistake((y, _) => y[32] = float.NaN), StringComparison.Ordinal);

    [Fact]
    public unsafe void A_write_past_the_tensor_fails() =>
        Assert.Contains("written past", Mistake((y, _) => y[33] = 0), StringComparison.Ordinal);

    [Fact]
    public unsafe void A_write_before_the_tensor_fails() =>
        Assert.Contains("written before", Mistake((y, _) => y[-1] = 0), StringComparison.Ordinal);

    [Fact]
    public unsafe void A_result_that_depends_on_the_threads_fails() =>
        Assert.Contains("one thread and three give other bits", Mistake((y, threads) => y[0] = threads == 1 ? 0f : -0f, zero: true),
            StringComparison.Ordinal);

    private unsafe delegate void Change(float* y, int threads);

    /// <summary>The message of a comparison in which the CPU device alone makes a mistake after a correct operation.</summary>
    private static string Mistake(Change change, bool zero = false)
    {
        double[] values = zero ? new double[33] : SampleValues.Mixed(5, "a", 33);
        return Assert.ThrowsAny<Exception>(() => Comparison.Run(5, bench =>
        {
            Tensor a = bench.Input("a", new Shape(33), values), b = bench.Input("b", new Shape(33), values);
            Tensor y = bench.Output("y", new Shape(33), Tolerances.Rounded);
            return kernels =>
            {
                kernels.Add(a, b, y);
                if (bench.Device is CpuDevice cpu)
                    Apply(change, y, cpu.Threads);
            };
        })).Message;
    }

    private static unsafe void Apply(Change change, Tensor y, int threads) => change(y.As<float>(), threads);
}
