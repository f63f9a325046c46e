using ReSTE.Native.Devices.Cuda;

namespace ReSTE.Native.Engine.Tests.Cuda.Driver;

/// <summary>Memory, launches, graphs and events on a driver: a GPU's, or the emulator's.</summary>
[Trait("Category", "Device")]
public sealed class DriverTests
{
    private const int Count = 1000;
    private static readonly Grid Blocks = new((Count + 255) / 256);

    [Fact]
    public void Memory_keeps_what_was_written()
    {
        using DriverRig rig = DriverRig.Require();
        nint address = rig.Upload(1, -2, 3);
        Assert.Equal([1f, -2f, 3f], rig.Download(address, 3));
        rig.Stream.Fill(address + sizeof(float), 0, sizeof(float));
        Assert.Equal([1f, 0f, 3f], rig.Download(address, 3));
        var (free, total) = rig.Context.Memory();
        Assert.InRange(free, 1, total);
    }

    [Fact]
    public void Allocation_that_does_not_fit_says_how_much_and_what_for()
    {
        using DriverRig rig = DriverRig.Require();
        CudaException e = Assert.Throws<CudaException>(() => rig.Context.Allocate(1L << 50, "slab"));
        Assert.StartsWith("cuMemAlloc(1125899.9 GB for slab): CUDA_ERROR_OUT_OF_MEMORY (2): ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kernel_gets_its_arguments()
    {
        using DriverRig rig = DriverRig.Require();
        (Add args, float[] expected) = Sum(rig);
        rig.Stream.Launch(in args, Blocks);
        Assert.Equal(expected, rig.Download(args.Y.Address, Count));
    }

    [Fact]
    public void Graph_does_what_was_captured_each_time_it_is_launched()
    {
        using DriverRig rig = DriverRig.Require();
        (Add args, float[] expected) = Sum(rig);
        rig.Stream.Fill(args.Y.Address, 0xFF, Count * sizeof(float));
        using CudaGraph graph = rig.Stream.Capture("sum", () =>
        {
            Assert.True(rig.Stream.IsCapturing);
            rig.Stream.Fill(args.Y.Address, 0, sizeof(float));
            rig.Stream.Launch(in args, Blocks);
        });
        Assert.False(rig.Stream.IsCapturing);
        Assert.Equal(2, graph.Nodes);
        Assert.All(rig.Download(args.Y.Address, Count), v => Assert.Equal(float.NaN, v));
        for (int i = 0; i < 3; i++)
        {
            graph.Launch();
            Assert.Equal(expected, rig.Download(args.Y.Address, Count));
            rig.Stream.Fill(args.Y.Address, 0xFF, Count * sizeof(float));
        }
    }

    [Fact]
    public void Work_that_throws_ends_its_capture()
    {
        using DriverRig rig = DriverRig.Require();
        (Add args, float[] expected) = Sum(rig);
        Assert.Throws<NotSupportedException>(() => rig.Stream.Capture("spoilt", () =>
        {
            rig.Stream.Launch(in args, Blocks);
            throw new NotSupportedException();
        }));
        Assert.False(rig.Stream.IsCapturing);
        rig.Stream.Launch(in args, Blocks);
        Assert.Equal(expected, rig.Download(args.Y.Address, Count));
    }

    [Fact]
    public void Waiting_inside_a_capture_fails_and_ends_it()
    {
        using DriverRig rig = DriverRig.Require();
        CudaException e = Assert.Throws<CudaException>(() => rig.Stream.Capture("spoilt", rig.Stream.Synchronize));
        Assert.Contains("CUDA_ERROR_STREAM_CAPTURE", e.Status, StringComparison.Ordinal);
        Assert.False(rig.Stream.IsCapturing);
        rig.Stream.Synchronize();
    }

    [Fact]
    public void Launches_allocate_nothing()
    {
        using DriverRig rig = DriverRig.Require();
        (Add args, _) = Sum(rig);
        using CudaGraph graph = rig.Stream.Capture("sum", () => rig.Stream.Launch(in args, Blocks));
        using var passed = new CudaEvent(rig.Context);
        void Step()
        {
            rig.Stream.Launch(in args, Blocks);
            rig.Stream.Fill(args.Y.Address, 0, sizeof(float));
            graph.Launch();
            rig.Stream.Record(passed);
            passed.Wait();
            Assert.True(passed.IsDone);
            rig.Stream.Synchronize();
        }

        Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            Step();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Events_time_what_lies_between_them()
    {
        using DriverRig rig = DriverRig.Require();
        (Add args, _) = Sum(rig);
        using CudaEvent start = new(rig.Context, timed: true), end = new(rig.Context, timed: true);
        rig.Stream.Record(start);
        rig.Stream.Launch(in args, Blocks);
        rig.Stream.Record(end);
        end.Wait();
        Assert.InRange(CudaEvent.MillisecondsBetween(start, end), 0f, 60_000f);
    }

    [Fact]
    public void Copy_to_pinned_memory_is_there_when_its_event_is_done()
    {
        using DriverRig rig = DriverRig.Require();
        nint address = rig.Upload(4, 5, 6);
        using var pinned = new PinnedMemory(rig.Context, 3 * sizeof(float));
        using var copied = new CudaEvent(rig.Context);
        rig.Stream.CopyToHost(pinned.Address, address, pinned.Bytes);
        rig.Stream.Record(copied);
        copied.Wait();
        Assert.Equal([4f, 5f, 6f], pinned.As<float>());
    }

    [Fact]
    public void Any_thread_may_call()
    {
        using DriverRig rig = DriverRig.Require();
        (Add args, float[] expected) = Sum(rig);
        float[] result = [];
        var thread = new Thread(() =>
        {
            rig.Stream.Launch(in args, Blocks);
            result = rig.Download(args.Y.Address, Count);
        });
        thread.Start();
        thread.Join();
        Assert.Equal(expected, result);
    }

    [Fact]
    public void Context_outlives_what_was_made_in_it()
    {
        DriverRig rig = DriverRig.Require();
        var made = new CudaEvent(rig.Context);
        rig.Dispose();
        made.Dispose();
        Assert.Throws<ObjectDisposedException>(() => rig.Context.Memory());
        Assert.Throws<ObjectDisposedException>(() => rig.Stream.Synchronize());
    }

    [Fact]
    public void Handles_nobody_disposed_are_let_go_by_the_finaliser()
    {
        GpuUnderTest.Require();
        Forget();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using DriverRig rig = DriverRig.Require();
        (Add args, float[] expected) = Sum(rig);
        rig.Stream.Launch(in args, Blocks);
        Assert.Equal(expected, rig.Download(args.Y.Address, Count));
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Forget()
    {
        DriverRig rig = DriverRig.Require();
        (Add args, _) = Sum(rig);
        _ = rig.Stream.Capture("forgotten", () => rig.Stream.Launch(in args, Blocks));
        _ = new PinnedMemory(rig.Context, 64);
    }

    private static (Add Args, float[] Expected) Sum(DriverRig rig)
    {
        float[] a = [.. Enumerable.Range(0, Count).Select(i => i * 0.5f)], b = [.. Enumerable.Range(0, Count).Select(i => 3f - i)];
        float[] expected = [.. a.Zip(b, (x, y) => x + y)];
        return (new Add(new(rig.Upload(a)), new(rig.Upload(b)), new(rig.Upload(new float[Count])), Count), expected);
    }
}
