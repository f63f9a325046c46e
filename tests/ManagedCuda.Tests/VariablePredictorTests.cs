using ManagedCuda;
using ReSTE.Native.Adapters.ManagedCuda;
using ReSTE.Native.Engine.Tests.Cuda;
using ReSTE.Native.Engine.Tests.Embedding;

namespace ReSTE.Native.ManagedCuda.Tests;

/// <summary>A network between two device variables, on the program's context and stream.</summary>
[Trait("Category", "Device")]
public sealed class VariablePredictorTests
{
    [Fact]
    public void It_reads_one_variable_and_writes_the_other()
    {
        using var rig = new Rig();
        float[] expected = rig.Expected(Rig.Pictures(0)), another = rig.Expected(Rig.Pictures(1));
        var (images, scores) = rig.Variables();
        using VariablePredictor network = rig.Gpu.Bind(rig.Predictor, images, scores);
        images.CopyToDevice(Rig.Pictures(0));
        network.Run();
        Assert.Equal(expected, rig.Read(scores));
        images.CopyToDevice(Rig.Pictures(1));
        network.Run();
        Assert.Equal(another, rig.Read(scores));
        Assert.NotEqual(expected, another);
    }

    [Fact]
    public void Its_work_stands_between_the_programs_in_the_order_of_the_stream()
    {
        using var rig = new Rig();
        byte[] grey = [.. Enumerable.Repeat((byte)128, Rig.Lengths.Images)];
        float[] expected = rig.Expected(grey);
        var (images, scores) = rig.Variables();
        CudaDeviceVariable<float> seen = rig.Variables().Scores;
        using VariablePredictor network = rig.Gpu.Bind(rig.Predictor, images, scores);
        // Nobody waits between these.
        images.MemsetAsync(128, rig.Stream.Stream);
        network.Run();
        images.MemsetAsync(255, rig.Stream.Stream);
        seen.AsyncCopyToDevice(scores.DevicePointer, 0, 0, scores.SizeInBytes, rig.Stream.Stream);
        scores.MemsetAsync(0, rig.Stream.Stream);
        Assert.Equal(expected, rig.Read(seen));
        Assert.All(rig.Read(scores), v => Assert.Equal(0, v));
    }

    [Fact]
    public void A_run_is_one_graph_without_memory_or_copies_of_its_own()
    {
        using var rig = new Rig();
        Assert.SkipUnless(GpuUnderTest.IsEmulated, "only the emulator counts");
        var (images, scores) = rig.Variables();
        using VariablePredictor network = rig.Gpu.Bind(rig.Predictor, images, scores);
        network.Run();
        long[] before = Counts();
        network.Run();
        Assert.Equal([before[0] + 1, before[1], before[2], before[3]], Counts());

        static long[] Counts() => [.. new[] { "graph_launches", "launches", "allocations", "host_allocations" }.Select(Emulator.Count)];
    }

    [Fact]
    public void Two_pairs_of_variables_take_turns()
    {
        using var rig = new Rig();
        float[][] expected = [rig.Expected(Rig.Pictures(0)), rig.Expected(Rig.Pictures(1))];
        var (first, second) = (rig.Variables(), rig.Variables());
        using VariablePredictor one = rig.Gpu.Bind(rig.Predictor, first.Images, first.Scores);
        using VariablePredictor two = rig.Gpu.Bind(rig.Predictor, second.Images, second.Scores);
        first.Images.CopyToDevice(Rig.Pictures(0));
        second.Images.CopyToDevice(Rig.Pictures(1));
        one.Run();
        two.Run();
        Assert.Equal(expected, [rig.Read(first.Scores), rig.Read(second.Scores)]);
    }

    [Fact]
    public void It_sees_the_weights_as_training_has_them()
    {
        using var rig = new Rig();
        var (images, scores) = rig.Variables();
        images.CopyToDevice(Rig.Pictures(0));
        using VariablePredictor network = rig.Gpu.Bind(rig.Predictor, images, scores);
        network.Run();
        float[] before = rig.Read(scores);
        rig.Trainer.Next();
        network.Run();
        float[] after = rig.Read(scores);
        Assert.NotEqual(before, after);
        Assert.Equal(rig.Expected(Rig.Pictures(0)), after);
    }

    [Fact]
    public void Without_a_stream_of_the_programs_the_device_is_waited_for()
    {
        using var rig = new Rig(withStream: false);
        float[] expected = rig.Expected(Rig.Pictures(0));
        var (images, scores) = rig.Variables();
        images.CopyToDevice(Rig.Pictures(0));
        using VariablePredictor network = rig.Gpu.Bind(rig.Predictor, images, scores);
        network.Run();
        rig.Gpu.Device.Synchronize();
        Assert.Equal(expected, rig.Read(scores));
    }

    [Fact]
    public void Any_thread_may_run_it()
    {
        using var rig = new Rig();
        float[] expected = rig.Expected(Rig.Pictures(0));
        var (images, scores) = rig.Variables();
        images.CopyToDevice(Rig.Pictures(0));
        // A new thread has no context yet.
        var thread = new Thread(() =>
        {
            using VariablePredictor network = rig.Gpu.Bind(rig.Predictor, images, scores);
            network.Run();
            rig.Stream.Synchronize();
        });
        thread.Start();
        thread.Join();
        Assert.Equal(expected, rig.Read(scores));
    }

    [Fact]
    public void Context_stream_and_variables_outlive_it()
    {
        using var rig = new Rig();
        var (images, scores) = rig.Variables();
        rig.Gpu.Bind(rig.Predictor, images, scores).Dispose();
        rig.Predictor.Dispose();
        rig.Trainer.Dispose();
        rig.Gpu.Dispose();
        rig.Context.SetCurrent();
        scores.MemsetAsync(0, rig.Stream.Stream);
        Assert.All(rig.Read(scores), v => Assert.Equal(0, v));
        using var again = ManagedCudaDevice.Open(rig.Context, rig.Stream, kernelFolder: GpuUnderTest.KernelFolder);
    }
}
