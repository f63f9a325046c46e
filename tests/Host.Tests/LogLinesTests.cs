using ReSTE.Native.Training;

namespace ReSTE.Native.Host.Tests;

/// <summary>The published trainer's lines, to the letter; Python wrote the expected ones out of the published format strings.</summary>
public sealed class LogLinesTests
{
    [Fact]
    public void A_step()
    {
        var report = new StepReport(Phase.Training, 3, 100, 196, 25856, 50000, new(1.23456, 45.3125, 90.1), new(2, 44, 89.99), 0.1234,
            DataSeconds: 0.0126);
        var meter = new PassMeter();
        meter.Add(report with { Step = 99, StepSeconds = 0.2766, DataSeconds = 0 });
        meter.Add(report);
        Assert.Equal("TRAINING - Epoch: [3][100/196]\tTime 0.123 (0.200)\tData 0.013 (0.006)\tloss 1.2346 (2.0000)\t" +
            "Prec@1 45.312 (44.000)\tPrec@5 90.100 (89.990)", LogLines.Step(report, meter));
        Assert.StartsWith("EVALUATING - Epoch: [3][100/196]\t", LogLines.Step(report with { Phase = Phase.Evaluating }, meter));
    }

    [Theory]
    [InlineData(0.4, "00:00")]
    [InlineData(59.9, "00:59")]
    [InlineData(61.25, "01:01")]
    [InlineData(3599.999, "59:59")]
    [InlineData(3600, "1:00:00")]
    [InlineData(7387.6, "2:03:07")]
    [InlineData(86399, "23:59:59")]
    [InlineData(86400, "1 day, 0:00:00")]
    [InlineData(90061.5, "1 day, 1:01:01")]
    [InlineData(200000.25, "2 days, 7:33:20")]
    public void The_time_an_epoch_cost(double seconds, string expected)
    {
        var now = new DateTime(2024, 2, 28, 23, 0, 0);
        Assert.Equal($"Time cost: {expected}\tTime of Finish: 2024-02-28 23:00:00", LogLines.Estimate(seconds, 0, now));
    }

    /// <summary>What is left takes as long as this epoch did, each.</summary>
    [Theory]
    [InlineData(60, 1, "2024-02-28 23:01:00")]
    [InlineData(3600, 10, "2024-02-29 09:00:00")]
    [InlineData(86400, 999, "2026-11-23 23:00:00")]
    public void The_time_of_finish(double seconds, int left, string expected) =>
        Assert.EndsWith($"\tTime of Finish: {expected}", LogLines.Estimate(seconds, left, new(2024, 2, 28, 23, 0, 0)));

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(1, "1.0")]
    [InlineData(3, "3.0")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(1e-5, "1e-05")]
    [InlineData(1.25e-7, "1.25e-07")]
    [InlineData(0.07500000000000001, "0.07500000000000001")]
    [InlineData(123456789, "123456789.0")]
    [InlineData(1.2679492235183716, "1.2679492235183716")]
    public void Numbers_are_written_as_python_does(double value, string expected)
    {
        Assert.Equal(expected, Numbers.Python(value));
        Assert.Equal($"lr: {expected}", LogLines.Rate(value));
        Assert.Equal($"o is {expected},  o_a is {expected}", LogLines.Exponent(value));
        Assert.Equal($"\n Mean Estimating_Error: 1.5000 \tTotal stability_var: {expected} \n", LogLines.MeanIndicators(1.5, value));
    }

    [Fact]
    public void An_epoch_and_its_indicators()
    {
        var report = new EpochReport(4, 0.1, 1, new(1.5, 40, 90), new(2.25, 35.125, 88.5), 1.5, 1e-3, 1, false);
        Assert.Equal("\n Epoch: 5\nTraining loss 1.5000 \tTraining Prec@1 40.000 \tTraining Prec@5 90.000 \n" +
            "Validation loss 2.2500 \tValidation Prec@1 35.125 \tValidation Prec@5 88.500 \n", LogLines.Epoch(report));
        Assert.Equal("Estimating_Error 1244.348 \tGradient Stability 0.08711121 \n", LogLines.Indicators(1244.3478, 0.087111209));
    }
}
