using ReSTE.Native.Devices.Cpu;

namespace ReSTE.Native.Engine.Tests.Cpu;

/// <summary>What `reste bench limits` measures, and where it looks for the sizes of caches.</summary>
public sealed class CpuLimitsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("reste-caches").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_kind_of_work_is_measured_at_every_width_and_in_every_level()
    {
        CpuLimit[] limits = [.. CpuLimits.Measure(2, TestContext.Current.CancellationToken)];
        Assert.Equal([1, 2], limits.Select(limit => limit.Threads).Distinct());
        Assert.All(limits, limit => Assert.InRange(limit.PerSecond, 1e6, 1e15));
        foreach (int threads in new[] { 1, 2 })
        {
            CpuLimit[] own = [.. limits.Where(limit => limit.Threads == threads)];
            Assert.Equal(own.Length, own.Distinct().Count());
            Assert.Equal(CpuVectors.Available.Order(),
                own.Where(limit => limit.Work == CpuWork.MultiplyAdd).Select(limit => limit.VectorBits).Order());
            foreach (CpuWork work in new[] { CpuWork.Copy, CpuWork.Read })
            {
                string?[] levels = [.. own.Where(limit => limit.Work == work).Select(limit => limit.Memory)];
                Assert.Equal(("L1", "memory"), (levels[0], levels[^1]));
            }
        }
    }

    [Fact]
    public void A_step_is_compared_with_the_best_of_each_kind_on_its_threads()
    {
        using var measured = new StepLimits(2, TestContext.Current.CancellationToken);
        measured.Measure(TestContext.Current.CancellationToken);
        measured.Measure(TestContext.Current.CancellationToken);
        IReadOnlyList<CpuLimit> limits = measured.Limits;
        Assert.All(limits, limit => Assert.Equal(2, limit.Threads));
        Assert.All(limits, limit => Assert.InRange(limit.PerSecond, 1e6, 1e15));
        Assert.Equal(limits.Count, limits.DistinctBy(limit => (limit.Work, limit.Memory)).Count());
        Assert.Equal(CpuVectors.Available.Max(), limits.Single(limit => limit.Work == CpuWork.MultiplyAdd).VectorBits);
        Assert.Single(limits, limit => limit.Work == CpuWork.CountBits);
        string?[] levels = [.. limits.Where(limit => limit.Work == CpuWork.Copy).Select(limit => limit.Memory)];
        Assert.Equal(("L2", "memory"), (levels[0], levels[^1]));
        Assert.DoesNotContain(limits, limit => limit.Work == CpuWork.Read);
    }

    [Fact]
    public void What_is_free_is_not_all_taken_to_measure_memory()
    {
        using var measured = new StepLimits(1, free: 1000, TestContext.Current.CancellationToken);
        measured.Measure(TestContext.Current.CancellationToken);
        Assert.Equal(["L2"], measured.Limits.Where(limit => limit.Work == CpuWork.Copy).Select(limit => limit.Memory));
    }

    // Sixteen lanes against one: no neighbour on the machine makes up for that.
    [Fact]
    public void Vectors_do_more_than_none()
    {
        Assert.SkipWhen(CpuVectors.Available.Count == 1, "no vectors here");
        CpuLimit[] products = [.. CpuLimits.Measure(1, TestContext.Current.CancellationToken).Where(l => l.Work == CpuWork.MultiplyAdd)];
        Assert.True(products[0].PerSecond > 1.5 * products[^1].PerSecond, $"{products[0]}, {products[^1]}");
    }

    [Fact]
    public void Measuring_can_be_stopped()
    {
        var stopped = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => CpuLimits.Measure(1, stopped).Count());
        Assert.Throws<OperationCanceledException>(() => new StepLimits(1, stopped));
    }

    [Fact]
    public void Sizes_of_caches_are_read_where_the_system_tells_them()
    {
        Cache("index0", "1", "Data", "48K");
        Cache("index1", "1", "Instruction", "64K");
        Cache("index2", "2", "Unified", "2M");
        Cache("index3", "3", "Unified", "nonsense");
        Assert.Equal(new CpuCaches(48 << 10, 2 << 20, 32 << 20), CpuCaches.Find(_folder));
        Assert.Equal(new CpuCaches(32 << 10, 1 << 20, 32 << 20), CpuCaches.Find(Path.Combine(_folder, "none")));
    }

    [Theory]
    [InlineData(1, new[] { "L1", "L2", "L3", "memory" }, new long[] { 24 << 10, 1 << 20, 16 << 20, 128 << 20 })]
    [InlineData(4, new[] { "L1", "L2", "L3", "memory" }, new long[] { 24 << 10, 1 << 20, 4 << 20, 64 << 20 })]
    [InlineData(8, new[] { "L1", "L2", "memory" }, new long[] { 24 << 10, 1 << 20, 64 << 20 })]
    public void Threads_share_the_third_level(int threads, string[] names, long[] bytes)
    {
        var levels = CpuLimits.Levels(new CpuCaches(48 << 10, 2 << 20, 32 << 20), threads);
        Assert.Equal(names, levels.Select(level => level.Name));
        Assert.Equal(bytes, levels.Select(level => level.Bytes));
    }

    private void Cache(string name, string level, string type, string size)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        foreach (var (file, text) in new[] { ("level", level), ("type", type), ("size", size) })
            File.WriteAllText(Path.Combine(folder, file), text + "\n");
    }
}
