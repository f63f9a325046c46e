using ReSTE.Native.Devices.Cpu;

namespace ReSTE.Native.Engine.Tests.Cpu;

public sealed unsafe class CpuThreadsTests
{
    public static TheoryData<int> Counts => [1, 2, 3, 4];

    [Theory]
    [MemberData(nameof(Counts))]
    public void Every_part_runs_exactly_once(int threads)
    {
        using var pool = new CpuThreads(threads);
        Assert.Equal(threads, pool.Count);
        foreach (int parts in new[] { 0, 1, 2, 3, 4, 5, 17, 1000 })
        {
            var runs = new int[parts + 1];
            fixed (int* pinned = runs)
            {
                var job = new CountJob(pinned, threads);
                pool.Run(ref job, parts);
            }

            Assert.All(runs[..parts], count => Assert.Equal(1, count));
            Assert.Equal(0, runs[parts]);
        }
    }

    [Fact]
    public void Each_thread_begins_with_parts_of_its_own()
    {
        const int Parts = 4;
        using var pool = new CpuThreads(2);
        int* started = stackalloc int[1], workers = stackalloc int[Parts];
        for (int i = 0; i < 5; i++)
        {
            *started = 0;
            var job = new MeetingJob(started, workers);
            pool.Run(ref job, Parts);
            // The first parts of either thread wait for each other, so that none is done before the other has begun.
            Assert.Equal((0, 1), (workers[0], workers[Parts / 2]));
        }
    }

    // Workers come and go between jobs of a microsecond: one that is late must not take a part of the next job, or lose one. With
    // more threads than cores a job waits for the scheduler, a millisecond each, hence fewer of them.
    [Theory]
    [MemberData(nameof(Counts))]
    public void Thousands_of_tiny_jobs_lose_nothing(int threads)
    {
        const int Parts = 3;
        int jobs = threads <= 2 ? 10_000 : 2_000;
        using var pool = new CpuThreads(threads);
        var runs = new int[Parts];
        fixed (int* pinned = runs)
        {
            for (int i = 0; i < jobs; i++)
            {
                var job = new CountJob(pinned, threads);
                pool.Run(ref job, Parts);
            }
        }

        Assert.All(runs, count => Assert.Equal(jobs, count));
    }

    [Fact]
    public void Sleeping_workers_wake_up()
    {
        using var pool = new CpuThreads(3);
        var runs = new int[6];
        fixed (int* pinned = runs)
        {
            for (int i = 0; i < 5; i++)
            {
                Thread.Sleep(20);
                var job = new CountJob(pinned, 3);
                pool.Run(ref job, runs.Length);
            }
        }

        Assert.All(runs, count => Assert.Equal(5, count));
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void An_exception_surfaces_once_and_the_pool_works_on(int threads)
    {
        using var pool = new CpuThreads(threads);
        for (int round = 0; round < 50; round++)
        {
            var failing = new FailingJob(round % 5);
            Exception error = Assert.ThrowsAny<Exception>(() => pool.Run(ref failing, 5));
            Assert.Equal("part of the test", (error.InnerException ?? error).Message);
            Every(pool, threads);
        }
    }

    [Fact]
    public void Many_failures_are_one_exception()
    {
        using var pool = new CpuThreads(3);
        var failing = new FailingJob(-1);
        Assert.Throws<InvalidOperationException>(() => pool.Run(ref failing, 100));
        Every(pool, 3);
    }

    [Fact]
    public void A_job_allocates_nothing()
    {
        using var pool = new CpuThreads(2);
        Every(pool, 2);
        var runs = new int[8];
        fixed (int* pinned = runs)
        {
            var job = new CountJob(pinned, 2);
            pool.Run(ref job, runs.Length);
            long bytes = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
                pool.Run(ref job, runs.Length);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - bytes);
        }
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void Disposing_ends_workers_awake_or_asleep(int threads)
    {
        new CpuThreads(threads).Dispose();
        var pool = new CpuThreads(threads);
        Every(pool, threads);
        pool.Dispose();
        pool.Dispose();
        var sleeping = new CpuThreads(threads);
        Thread.Sleep(20);
        sleeping.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void At_least_one_thread(int threads) => Assert.Throws<ArgumentOutOfRangeException>(() => new CpuThreads(threads));

    private static void Every(CpuThreads pool, int threads)
    {
        var runs = new int[7];
        fixed (int* pinned = runs)
        {
            var job = new CountJob(pinned, threads);
            pool.Run(ref job, runs.Length);
        }

        Assert.All(runs, count => Assert.Equal(1, count));
    }

    private readonly struct CountJob(int* runs, int threads) : IParallelJob
    {
        public void Run(int part, int worker)
        {
            if ((uint)worker >= (uint)threads)
                throw new InvalidOperationException($"worker {worker} of {threads}");
            Interlocked.Increment(ref runs[part]);
        }
    }

    /// <summary>The first two parts that are begun wait for each other.</summary>
    private readonly struct MeetingJob(int* started, int* workers) : IParallelJob
    {
        public void Run(int part, int worker)
        {
            workers[part] = worker;
            int* count = started;
            Interlocked.Increment(ref *count);
            if (!SpinWait.SpinUntil(() => Volatile.Read(ref *count) >= 2, TimeSpan.FromSeconds(60)))
                throw new TimeoutException("the other thread took no part");
        }
    }

    /// <summary>Throws in one part, or in all for -1.</summary>
    private readonly struct FailingJob(int bad) : IParallelJob
    {
        public void Run(int part, int worker)
        {
            if (bad < 0 || part == bad)
                throw new InvalidOperationException("part of the test");
        }
    }
}
