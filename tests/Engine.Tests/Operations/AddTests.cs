using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>y = a + b, and the gradient that is copied or added.</summary>
public sealed class AddTests
{
    private const int Seed = 23;

    public static TheoryData<int> Counts => Elements.Counts;

    [Theory]
    [MemberData(nameof(Counts))]
    public void Add_rounds_once(int count) => Comparison.Run(Seed, bench =>
    {
        var shape = new Shape(count);
        Tensor a = bench.Input("a", shape), b = bench.Input("b", shape), y = bench.Output("y", shape, Tolerances.Rounded);
        return kernels => kernels.Add(a, b, y);
    });

    [Theory]
    [MemberData(nameof(Counts))]
    public void Accumulate_copies_or_adds(int count)
    {
        var shape = new Shape(count);
        foreach (GradMode mode in new[] { GradMode.Write, GradMode.Add })
        {
            Comparison.Run(Seed, bench =>
            {
                Tensor dy = bench.Input("dy", shape), dx = bench.Gradient("dx", shape, mode, Tolerances.Rounded);
                return kernels => kernels.Accumulate(dy, dx, mode);
            });
        }
    }

    [Fact]
    public void The_sum_may_lie_where_an_operand_lay() => Comparison.Run(Seed, bench =>
    {
        Tensor a = bench.InOut("a", new Shape(33), Tolerances.Rounded), b = bench.Input("b", new Shape(33));
        return kernels => kernels.Add(a, b, a);
    });
}
