using ReSTE.Native.Training;

namespace ReSTE.Native.Host.Tests;

/// <summary>
/// What is recorded takes less than a hundredth of a run, of ResNet-20 on all of CIFAR-10, 17 s an epoch on two cores, and of the built-in
/// images, 12 epochs of 2.7 s. With -explicit only; the figures in docs/command.md are of a Release build. Times are the processor's, so
/// that what else the machine does counts little.
/// </summary>
public sealed class RecordingCostTests : IDisposable
{
    private const double CifarEpoch = 17_000, ShapesEpoch = 2_700, Most = 0.01;

    private const int ShapesEpochs = 12;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Explicit = true)]
    [Trait("Category", "Speed")]
    public void Recording_takes_less_than_a_hundredth_of_a_run()
    {
        using var engine = new EngineAdapter();
        var recipe = new Recipe { Dataset = "shapes", LimitTrain = 64, LimitTest = 64, BatchSize = 32, BatchSizeTest = 64, Epochs = 1000 };
        var device = new DeviceChoice(DeviceKind.Cpu, 0, 2);
        using var run = engine.Start(recipe, device, engine.Open(recipe, null, device));
        using var folder = RunFolder.Open(_folder.Path);
        TextFile.Replace(folder.Arguments, ArgumentFile.Text(recipe, new(), run.Device, DateTime.Now));
        var records = new RunRecords(folder, new());
        records.Create();
        var (layers, report, lines, pages) = (new LayerRecords(folder, run), new RunReport(folder.Path), new List<double>(), 0.0);
        for (var epoch = 0; epoch < recipe.Epochs; epoch++)
        {
            lines.Add(Milliseconds(() => Add(records, layers, epoch)));
            if (epoch < ShapesEpochs)
                pages += Milliseconds(() => report.Write(folder.Report, RunState.Running));
            if (epoch + 1 == ShapesEpochs)
                AssertLittle("a run of 12 epochs, code compiled meanwhile", lines.Sum() + pages, ShapesEpochs * ShapesEpoch);
            if (epoch + 1 is not (200 or 1000))
                continue;
            var page = Median([.. Enumerable.Range(0, 9).Select(_ => Milliseconds(() => report.Write(folder.Report, RunState.Running)))]);
            AssertLittle($"after {epoch + 1} epochs, rows, lines, histograms and flips", Median([.. lines.TakeLast(100)]), ShapesEpoch / 2);
            AssertLittle($"after {epoch + 1} epochs, a page of {new FileInfo(folder.Report).Length / 1000} kB", page, CifarEpoch / 2);
        }
    }

    private static void AssertLittle(string what, double milliseconds, double of)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {milliseconds:f1} ms, {100 * milliseconds / of:f2} % of {of:f0} ms");
        Assert.InRange(milliseconds, 0, Most * of);
    }

    private static void Add(RunRecords records, LayerRecords layers, int epoch)
    {
        var result = new PassResult(2.0 / (1 + epoch) + Math.Sin(epoch) / 50, 50 + 40 * Math.Sin(epoch / 700.0) + Math.Sin(7 * epoch), 99);
        foreach (var step in (int[])[0, 100])
            records.Add(new StepReport(Phase.Training, epoch, step, 196, 256 * (step + 1), 50_000, result, result, 0.08), 3000);
        records.Add(new StepReport(Phase.Evaluating, epoch, 0, 79, 128, 10_000, result, result, 0.01), 17_000);
        records.Add(new EpochReport(epoch, 0.1 * (1000 - epoch) / 1000, 1 + epoch / 500.0, result, result, 1250 + Math.Sin(epoch), 0.001,
            17, false));
        layers.Add(epoch);
    }

    private static double Milliseconds(Action action)
    {
        var start = Environment.CpuUsage.TotalTime;
        action();
        return (Environment.CpuUsage.TotalTime - start).TotalMilliseconds;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
