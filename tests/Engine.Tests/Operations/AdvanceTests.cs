using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>The cursor of a pass moves on; epoch and seed stay.</summary>
public sealed class AdvanceTests
{
    private const int Seed = 45;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(255, 256)]
    [InlineData(1L << 33, 80)]
    public void Only_the_cursor_moves(long cursor, int count) => Comparison.Run(Seed, bench =>
    {
        Tensor counters = bench.Judged(bench.Input("counters", new Shape(3), ElementType.Int64, [cursor, 7, -9]), Tolerances.Exact);
        return kernels => kernels.Advance(counters, count);
    });
}
