using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Engine.Tests.Cuda;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>
/// The small operations between the last convolution and the loss, several at once, against the single ones on the reference: small tapes
/// of [binary unit, average pool, batch norm, linear, loss], linked and, where a value or its gradient has another reader, not.
/// </summary>
[Trait("Category", "Device")]
public sealed class StepEndLinksTests
{
    // A gradient goes back through two batch norms, of which each takes differences of numbers larger than they are. It is measured by the
    // largest of its layer, for batch norm lets sums vanish.
    private const double Tolerance = 2e-5;

    // Images of one pixel and of odd sizes, more images than a block or a slice takes, channels of every width; 24 are not fused.
    public static TheoryData<string> Units =>
        ["3x5x3x16 16 3 1 1", "40x1x1x32 32 3 1 1", "5x9x7x16 64 3 2 1", "270x2x2x16 16 3 1 1", "4x4x4x32 512 3 1 1", "3x4x5x24 24 3 1 1"];

    [Theory]
    [MemberData(nameof(Units))]
    public void A_linked_end_agrees(string unit)
    {
        foreach (bool norm in new[] { true, false })
            foreach (int classes in new[] { 1, 10, 33 })
                Agrees(new StepEndCase(ConvCases.Parse(unit), classes) { HasNorm = norm });
    }

    [Theory]
    [InlineData(StepEndUse.UnitUsedAgain)]
    [InlineData(StepEndUse.PoolUsedAgain)]
    [InlineData(StepEndUse.NormUsedAgain)]
    [InlineData(StepEndUse.CountersUsedAgain)]
    public void What_others_read_too_is_left_to_the_single_operations(StepEndUse use) =>
        Agrees(new StepEndCase(ConvCases.Parse("6x5x3x16 16 3 1 1"), 10) { HasNorm = true, Use = use });

    // Of six forward, the move to the next batch with them, pool and loss are left; of six backward the linear layer and the pool. Another
    // reader's ops stand between the linear layer and the loss.
    [Theory]
    [InlineData(StepEndUse.Plain, 2, 2)]
    [InlineData(StepEndUse.UnitUsedAgain, 4, 4)]
    [InlineData(StepEndUse.PoolUsedAgain, 4, 3)]
    [InlineData(StepEndUse.NormUsedAgain, 4, 3)]
    [InlineData(StepEndUse.CountersUsedAgain, 3, 2)]
    public void Launches_are_saved(StepEndUse use, int forward, int backward)
    {
        GpuUnderTest.Require();
        GpuUnderTest.Use(GpuUnderTest.Orders[0], device =>
        {
            StepEndRun run = StepEndRun.Of(device, new(ConvCases.Parse("6x5x3x16 16 3 1 1"), 10) { HasNorm = true, Use = use });
            Assert.Equal((forward, backward), (run.ForwardLaunches, run.BackwardLaunches));
        });
    }

    private static void Agrees(StepEndCase end)
    {
        GpuUnderTest.Require();
        using var reference = new ReferenceDevice();
        StepEndRun expected = StepEndRun.Of(reference, end);
        var runs = new List<StepEndRun>();
        foreach (string order in GpuUnderTest.Orders)
            GpuUnderTest.Use(order, device => runs.Add(StepEndRun.Of(device, end)));
        foreach (var (name, values) in expected.Values)
        {
            double bound = Tolerance * LargestOfLayer(expected, name);
            for (int i = 0; i < values.Length; i++)
            {
                double off = Math.Abs(values[i] - runs[0].Values[name][i]);
                Assert.True(off <= bound, $"{end}, {name} at {i}: expected {values[i]}, actual {runs[0].Values[name][i]}, bound {bound}");
            }
            Assert.All(runs, run => Assert.Equal(runs[0].Values[name], run.Values[name]));
        }
        Assert.All(runs, run => Assert.Equal(expected.Cursor, run.Cursor));
    }

    private static double LargestOfLayer(StepEndRun run, string name) => run.Values
        .Where(v => v.Key.Split('.')[0] == name.Split('.')[0]).Max(v => v.Value.Max(Math.Abs));
}
