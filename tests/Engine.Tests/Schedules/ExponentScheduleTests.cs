using ReSTE.Native.Engine.Tests.Reference;
using ReSTE.Native.Estimators;

namespace ReSTE.Native.Engine.Tests.Schedules;

public sealed class ExponentScheduleTests
{
    [Theory]
    [Trait("Category", "Reference")]
    [MemberData(nameof(ReferenceFiles.Matching), "schedule.*.csv", MemberType = typeof(ReferenceFiles))]
    public void Equals_the_published_exponent_in_every_epoch(string name)
    {
        var recorded = ScheduleTable.Read(name);
        var schedule = new ExponentSchedule(recorded.End, recorded.Epochs);
        double worst = 0;
        foreach (var row in recorded.Rows)
        {
            float actual = schedule.Exponent(row.Epoch);
            double error = Math.Abs(actual - row.Exponent) / row.Exponent;
            Assert.True(error <= 1e-6, $"{name}, epoch {row.Epoch}: o is {actual:R}, published {row.Exponent:R}, tolerance 1e-6 relative");
            worst = Math.Max(worst, error);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: largest relative difference {worst:E2}");
    }

    [Fact]
    public void Starts_at_one_and_rises_without_reaching_its_end()
    {
        var schedule = new ExponentSchedule(3, 1000);
        Assert.Equal(1f, schedule.Exponent(0));
        for (int epoch = 1; epoch < 1000; epoch++)
            Assert.True(schedule.Exponent(epoch) > schedule.Exponent(epoch - 1), $"o does not rise in epoch {epoch}");
        Assert.True(schedule.Exponent(999) < 3);
    }

    [Fact]
    public void Stays_at_one_where_the_end_is_one()
    {
        var schedule = new ExponentSchedule(1, 7);
        for (int epoch = 0; epoch < 7; epoch++)
            Assert.Equal(1f, schedule.Exponent(epoch));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(20)]
    public void Refuses_an_epoch_outside_the_run(int epoch) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExponentSchedule(3, 20).Exponent(epoch));

    [Theory]
    [InlineData(3.0, 0)]
    [InlineData(double.NaN, 10)]
    [InlineData(double.PositiveInfinity, 10)]
    public void Refuses_a_schedule_that_means_nothing(double end, int epochs) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExponentSchedule(end, epochs));
}
