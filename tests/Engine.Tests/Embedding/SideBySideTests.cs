using ReSTE.Native.Devices;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Engine.Tests.Training;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Embedding;

/// <summary>Trainings on several devices at once do not know of each other.</summary>
public sealed class SideBySideTests
{
    [Theory]
    [InlineData("cpu", "cpu")]
    [InlineData("cpu", "cuda")]
    [InlineData("cuda", "cuda")]
    public void Two_trainings_at_once_have_the_bits_of_each_alone(string first, string second)
    {
        var (alone, otherAlone) = (Train(first, 1), Train(second, 2));
        Result? together = null, otherTogether = null;
        using var start = new Barrier(2);
        void Run(string device, ulong seed, ref Result? result)
        {
            start.SignalAndWait();
            result = Train(device, seed);
        }

        Parallel.Invoke(new ParallelOptions { MaxDegreeOfParallelism = 2 }, () => Run(first, 1, ref together),
            () => Run(second, 2, ref otherTogether));
        AssertSame(first, alone, together!);
        AssertSame(second, otherAlone, otherTogether!);
        Assert.NotEqual(alone.State["conv1.weight"], otherAlone.State["conv1.weight"]);
    }

    private static void AssertSame(string device, Result expected, Result actual)
    {
        Assert.Equal(TrainerTests.Timeless(expected.Reports), TrainerTests.Timeless(actual.Reports));
        Snapshot.AssertSame(device, expected.State, actual.State);
    }

    private static Result Train(string kind, ulong seed)
    {
        using Device device = Stripes.Open(kind);
        using var trainer = new Trainer(Stripes.Recipe with { Seed = seed, Epochs = 3 }, device, Stripes.Data, Stripes.Network);
        var reports = new List<EpochReport>();
        while (!trainer.IsFinished)
            reports.Add(trainer.Next());
        return new(reports, Snapshot.OfState(trainer.Parameters));
    }

    private sealed record Result(List<EpochReport> Reports, Dictionary<string, double[]> State);
}
