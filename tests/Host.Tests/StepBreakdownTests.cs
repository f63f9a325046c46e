using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Tapes;
using static ReSTE.Native.Tapes.StepDirection;

namespace ReSTE.Native.Host.Tests;

/// <summary>What `bench step` makes of the times of operations.</summary>
public sealed class StepBreakdownTests
{
    private const long L2 = 1 << 20, L3 = 8 << 20;

    // Two threads: 2 MiB fit twice half a second level, 16 MiB the third.
    private static readonly CpuLimit[] s_limits =
    [
        new(CpuWork.MultiplyAdd, 512, null, 0, 2, 100e9), new(CpuWork.SignedSums, 512, null, 0, 2, 400e9),
        new(CpuWork.CountBits, 512, null, 0, 2, 1000e9), new(CpuWork.Copy, 512, "L2", L2 / 2, 2, 400e9),
        new(CpuWork.Copy, 512, "L3", L3 / 2, 2, 200e9), new(CpuWork.Copy, 512, "memory", 64 << 20, 2, 50e9),
    ];

    private static readonly StepOperation[] s_operations =
    [
        new("binary_unit", Forward, "a", "3x3", new(1000, Bits: 2_000_000_000)), new("binary_unit", Forward, "b", "1x1", new(1000)),
        new("binary_unit", Forward, "c", "3x3", new(1000, Bits: 1_000_000_000)), new("sign_pack", Forward, "d", null, default),
        new("binary_unit", Backward, "a", "3x3", new(100_000_000, Sign: 400_000_000)),
    ];

    [Fact]
    public void An_operation_takes_its_products_or_its_bytes_where_they_lie()
    {
        var rates = new StepRates(s_limits);
        Assert.Equal((2, "products"), rates.Limit(new(1000, Bits: 2_000_000_000)));
        Assert.Equal((1, "products"), rates.Limit(new(1000, Sign: 400_000_000)));
        Assert.Equal((3, "products"), rates.Limit(new(1000, Sign: 400_000_000, Real: 200_000_000)));
        Assert.Equal((2 * L2 / 400e6, "L2"), rates.Limit(new(2 * L2)));
        Assert.Equal(((2 * L2 + 1) / 200e6, "L3"), rates.Limit(new(2 * L2 + 1)));
        Assert.Equal(((2 * L3 + 1) / 50e6, "memory"), rates.Limit(new(2 * L3 + 1, Real: 1)));
        // Without tables signs are multiplied as reals are.
        Assert.Equal((4, "products"), Without(l => l.Work == CpuWork.SignedSums).Limit(new(0, Sign: 400_000_000)));
        Assert.Equal("memory", Without(l => l.Memory == "L3").Limit(new(2 * L2 + 1)).By);
    }

    [Fact]
    public void Rows_gather_what_is_alike_and_add_up()
    {
        var breakdown = Of([9, 10, 11]);
        Assert.Equal(["binary_unit 3x3", "binary_unit 1x1", "sign_pack ", "binary_unit 3x3", "between_operations "],
            breakdown.Rows.Select(row => $"{row.Operation} {row.Sizes}"));
        var first = breakdown.Rows[0];
        Assert.Equal((2, 2000, 3_000_000_000), (first.Calls, first.Bytes, first.Bits));
        Assert.Equal(["a", "c"], first.Layers);
        Assert.Equal(4, first.Ms, 1e-9);
        Assert.Equal(0.75, first.LimitShare, 1e-9);
        Assert.Equal((3, "products"), (first.LimitMs, first.LimitedBy));
        Assert.Equal((Backward, 2, "memory"), (breakdown.Rows[3].Direction, breakdown.Rows[3].LimitMs, breakdown.Rows[3].LimitedBy));
        Assert.Equal(5, breakdown.Rows[3].Ms, 1e-9);
        Assert.Equal(0.5, breakdown.Rows[^1].Ms, 1e-9);
        Assert.Equal(10, breakdown.RowsMs, 1e-9);
        Assert.Equal(1, breakdown.Rows.Sum(row => row.Share), 1e-9);
        Assert.Equal(0, breakdown.DifferencePercent, 1e-9);
        Assert.Equal(breakdown.LimitMs / 10, breakdown.LimitShare, 1e-9);
        Assert.Equal(breakdown.Rows.Sum(row => row.LimitMs), breakdown.LimitMs, 1e-9);
    }

    // Three of eight at either end say nothing; the least of a row is of all.
    [Fact]
    public void A_step_that_was_disturbed_is_left_out()
    {
        var breakdown = Of([500, 10.5, 9.5, 9, 12, 11, 10, 9.5]);
        Assert.Equal(10.25, breakdown.RowsMs, 1e-9);
        Assert.Equal(0, breakdown.DifferencePercent, 1e-9);
        Assert.Equal(0.9 * 4, breakdown.Rows[0].MsMin, 1e-9);
    }

    [Fact]
    public void A_step_without_operations_is_still_one()
    {
        var breakdown = StepBreakdown.Of([], [[]], [3], s_limits);
        Assert.Equal((3, 0, 1), (breakdown.RowsMs, breakdown.LimitMs, breakdown.Rows.Count));
    }

    private static StepRates Without(Predicate<CpuLimit> what) => new([.. s_limits.Where(limit => !what(limit))]);

    // Steps that take a tenth of their time in a, three in c, half of it backward, a twentieth in b and in what is no operation.
    private static StepBreakdown Of(double[] milliseconds) =>
        StepBreakdown.Of(s_operations, [.. milliseconds.Select(ms => Seconds(ms / 10))], milliseconds, s_limits);

    private static double[] Seconds(double factor) => [.. new[] { 1, 0.5, 3, 0, 5 }.Select(ms => ms * factor / 1000)];
}
