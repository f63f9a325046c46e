using ReSTE.Native.Engine.Tests.Reference;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Schedules;

public sealed class LearningRateScheduleTests
{
    [Theory]
    [Trait("Category", "Reference")]
    [MemberData(nameof(ReferenceFiles.Matching), "schedule.*.csv", MemberType = typeof(ReferenceFiles))]
    public void Equals_the_published_rate_in_every_epoch(string name)
    {
        var recorded = ScheduleTable.Read(name);
        var schedule = LearningRateSchedule.Published(recorded.BaseRate, recorded.Epochs, recorded.WarmUp);
        double worst = 0;
        foreach (var row in recorded.Rows)
        {
            double actual = schedule.Rate(row.Epoch), error = actual == row.Rate ? 0 : Math.Abs(actual - row.Rate) / row.Rate;
            Assert.True(error <= 1e-12, $"{name}, epoch {row.Epoch}: rate is {actual:R}, published {row.Rate:R}, tolerance 1e-12 relative");
            worst = Math.Max(worst, error);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: largest relative difference {worst:E2}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(1000)]
    public void Without_warm_up_is_the_plain_cosine(int epochs)
    {
        var schedule = LearningRateSchedule.Published(0.1, epochs, warmUp: false);
        for (int epoch = 0; epoch < epochs; epoch++)
            Assert.Equal(0.05 * (1 + Math.Cos(Math.PI * epoch / epochs)), schedule.Rate(epoch), 1e-15);
        Assert.Equal(0.1, schedule.Maximum);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(1000)]
    public void With_warm_up_equals_the_closed_form_of_the_lagging_cosine(int epochs)
    {
        var schedule = LearningRateSchedule.Published(0.1, epochs, warmUp: true);
        double period = epochs - 4;
        double Wave(int index) => 1 + Math.Cos(Math.PI * index / period);
        for (int epoch = 5; epoch < epochs; epoch++)
        {
            // Index 0 (epoch 8) leaves the rate alone, so the crest is there twice.
            double expected = 0.1 * (epoch <= 7 ? Wave(epoch - 8) : Wave(-1) * Wave(epoch - 8) / 2) / Wave(-4);
            Assert.Equal(expected, schedule.Rate(epoch), 1e-14);
        }

        Assert.Equal(schedule.Rate(7), schedule.Rate(8));
        Assert.Equal(schedule.Rate(8), schedule.Maximum);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_run_no_longer_than_the_warm_up_only_ramps(int epochs)
    {
        var schedule = LearningRateSchedule.Published(0.1, epochs, warmUp: true);
        for (int epoch = 0; epoch < epochs; epoch++)
            Assert.Equal(0.1 * (epoch + 1) / 5, schedule.Rate(epoch));
        Assert.Equal(0.1 * epochs / 5, schedule.Maximum);
    }

    // Short periods cross the zero of the cosine, where the recursion takes its absolute step. Worked out by hand from PyTorch's get_lr.
    [Theory]
    [InlineData(6, 5, 0.05)] // T = 2: (1 + cos 3pi/2) / (1 + cos 2pi)
    [InlineData(7, 5, 0.0)] // T = 3: (1 + cos pi) / (1 + cos 4pi/3)
    [InlineData(7, 6, 0.025)] // leaves zero by (1 - cos pi/3) / 2
    [InlineData(8, 5, 0.1146446609406726)] // T = 4: leaves the zero at index -4 by (1 - cos pi/4) / 2
    [InlineData(8, 6, 0.3914213562373094)] // times 1 / (1 + cos 3pi/4)
    [InlineData(8, 7, 0.6681980515339463)] // times 1 + cos pi/4
    public void Very_short_runs_follow_the_recursion_through_its_zeros(int epochs, int epoch, double expected) =>
        Assert.Equal(expected, LearningRateSchedule.Published(0.1, epochs, warmUp: true).Rate(epoch), 1e-13);

    [Fact]
    public void Every_short_run_with_warm_up_stays_finite()
    {
        for (int epochs = 1; epochs <= 64; epochs++)
        {
            if (epochs == 4)
                continue;
            var schedule = LearningRateSchedule.Published(0.1, epochs, warmUp: true);
            for (int epoch = 0; epoch < epochs; epoch++)
                Assert.True(double.IsFinite(schedule.Rate(epoch)) && schedule.Rate(epoch) >= 0, $"{epochs} epochs, epoch {epoch}");
        }
    }

    [Fact]
    public void Warm_up_with_four_epochs_is_refused()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Published(0.1, 4, warmUp: true));
        Assert.Contains("4 epochs", error.Message, StringComparison.Ordinal);
        Assert.Equal(4, LearningRateSchedule.Published(0.1, 4, warmUp: false).Epochs);
    }

    [Theory]
    [InlineData(0.1, 0)]
    [InlineData(-0.1, 10)]
    [InlineData(double.NaN, 10)]
    public void Refuses_a_schedule_that_means_nothing(double baseRate, int epochs) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Published(baseRate, epochs, warmUp: false));

    [Theory]
    [InlineData(-1)]
    [InlineData(20)]
    public void Refuses_an_epoch_outside_the_run(int epoch) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Published(0.1, 20, warmUp: true).Rate(epoch));
}
