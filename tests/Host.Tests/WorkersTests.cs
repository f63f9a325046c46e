namespace ReSTE.Native.Host.Tests;

/// <summary>--workers is how many threads decode images: what was asked for, at least one and no more than can run at once.</summary>
public sealed class WorkersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(8, 8)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void Training_and_evaluating_read_with_them(int workers, int atMost)
    {
        int expected = Math.Min(atMost, Environment.ProcessorCount);
        File.WriteAllText(_folder["weights"], "x");
        var train = CommandRun.Of("--epochs", "1", "--workers", Numbers.Text(workers), "--results_dir", _folder["results"]);
        Assert.Equal(expected, train.Engine.ReadingThreads);
        Assert.Contains($"workers:  {Numbers.Text(workers)}\n", _folder.Text("results/argument.txt"));
        Assert.Equal(expected, CommandRun.Of("evaluate", _folder["weights"], "--workers", Numbers.Text(workers)).Engine.ReadingThreads);
    }
}
