using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Engine.Tests.Tapes;

namespace ReSTE.Native.Engine.Tests.Cuda.Driver;

/// <summary>
/// Dependent launches: asked for where they were wanted and are certain, and nowhere else. The emulator counts them, and refuses one that a
/// GPU would run too early.
/// </summary>
[Trait("Category", "Device")]
public sealed unsafe class DependentLaunchTests
{
    private const string Expected = "RESTE_TEST_EXPECTED";
    private const uint Count = 128;

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Every_launch_of_a_step_but_the_first_is_dependent_where_that_is_wanted(bool wanted, bool plainKernels)
    {
        DriverRig.RequireEmulator();
        using CudaDevice device = GpuUnderTest.Open(plainKernels: plainKernels, dependentLaunches: wanted);
        using NetworkRun run = TapeCase.Build(device, "resnet20_1w1a", realActivations: false, batch: 2, size: 8);
        long launches = device.Launches, dependent = Dependent();
        using var replay = (CudaReplay)device.Prepare("a step", _ =>
        {
            run.Tape.Forward();
            run.Tape.Backward();
            run.Tape.Update();
        });
        launches = device.Launches - launches;
        Assert.Equal(replay.Nodes, launches);
        Assert.Equal(wanted ? launches - 1 : 0, Dependent() - dependent);
    }

    [Theory]
    [InlineData("resnet20_1w1a", false)]
    [InlineData("resnet20_1w1a", true)]
    public void Dependent_launches_change_no_bit(string model, bool realActivations)
    {
        GpuUnderTest.Require();
        using CudaDevice device = GpuUnderTest.Open(), overlapping = GpuUnderTest.Open(dependentLaunches: true);
        using NetworkRun one = TapeCase.Build(device, model, realActivations, batch: 5, size: 8);
        using NetworkRun other = TapeCase.Build(overlapping, model, realActivations, batch: 5, size: 8);
        Snapshot.AssertSame("dependent launches", TapeCase.Train(one, 3), TapeCase.Train(other, 3));
    }

    [Fact]
    public void A_launch_that_follows_no_kernel_takes_its_turn()
    {
        DriverRig.RequireEmulator();
        using var rig = DriverRig.Require();
        using CudaStream stream = Overlapping(rig);
        Add sum = Sum(rig);
        Assert.Equal(0, Captured(stream, () => stream.Launch(sum, new Grid(1))));
        Assert.Equal(2, Captured(stream, () =>
        {
            stream.Launch(sum, new Grid(1));
            stream.Launch(sum, new Grid(1));
            stream.Launch(sum, new Grid(1));
        }));
        Assert.Equal(1, Captured(stream, () =>
        {
            stream.Launch(sum, new Grid(1));
            stream.Fill(sum.Y.Address, 0, sizeof(float));
            stream.Launch(sum, new Grid(1));
            stream.Launch(sum, new Grid(1));
        }));
        using var copy = new PinnedMemory(rig.Context, sizeof(float));
        Assert.Equal(0, Captured(stream, () =>
        {
            stream.Launch(sum, new Grid(1));
            stream.CopyToHost(copy.Address, sum.Y.Address, sizeof(float));
            stream.Launch(sum, new Grid(1));
        }));
        using var mark = new CudaEvent(rig.Context);
        Assert.Equal(0, Captured(stream, () =>
        {
            stream.Launch(sum, new Grid(1));
            stream.Record(mark);
            stream.Launch(sum, new Grid(1));
        }));
    }

    // Whoever lent the stream may have queued anything between two calls to the device.
    [Fact]
    public void Launches_outside_a_capture_take_their_turns()
    {
        DriverRig.RequireEmulator();
        using var rig = DriverRig.Require();
        using CudaStream stream = Overlapping(rig);
        Add sum = Sum(rig);
        long before = Dependent();
        stream.Launch(sum, new Grid(1));
        stream.Launch(sum, new Grid(1));
        Assert.Throws<NotSupportedException>(() => stream.Capture("spoilt", () =>
        {
            stream.Launch(sum, new Grid(1));
            throw new NotSupportedException();
        }));
        stream.Launch(sum, new Grid(1));
        stream.Launch(sum, new Grid(1));
        Assert.Equal(before, Dependent());
    }

    // On a GPU it would start while the one before still writes what it reads.
    [Fact]
    public void A_kernel_whose_image_does_not_wait_takes_its_turn()
    {
        DriverRig.RequireEmulator();
        using var rig = DriverRig.Require();
        using CudaStream stream = Overlapping(rig);
        Add sum = Sum(rig);
        Assert.True(rig.Modules.Find<Add>().Waits);
        Assert.False(rig.Modules.Find<SoundScale>().Waits);
        Assert.Equal(1, Captured(stream, () =>
        {
            stream.Launch(sum, new Grid(1));
            stream.Launch(new SoundScale(sum.A, sum.Y, Count), new Grid(1));
            stream.Launch(sum, new Grid(1));
        }));
    }

    [Fact]
    public void A_dependent_launch_that_is_refused_names_the_function_that_was_called()
    {
        DriverRig.RequireEmulator();
        using var rig = DriverRig.Require();
        using CudaStream stream = Overlapping(rig);
        Add sum = Sum(rig);
        var e = Assert.Throws<CudaException>(() => stream.Capture("spoilt", () =>
        {
            stream.Launch(sum, new Grid(1));
            stream.Launch(sum, new Grid(0));
        }));
        Assert.Equal(("cuLaunchKernelEx", "CUDA_ERROR_INVALID_VALUE (1)"), (e.Call, e.Status));
    }

    [Theory]
    [InlineData(9, 12030, true, true, false, nameof(DependentLaunches.Used))]
    [InlineData(12, 13000, true, true, false, nameof(DependentLaunches.Used))]
    [InlineData(8, 13000, true, true, false, nameof(DependentLaunches.GpuTooOld))]
    [InlineData(9, 12020, true, true, false, nameof(DependentLaunches.DriverTooOld))]
    [InlineData(9, 12030, false, true, false, nameof(DependentLaunches.DriverTooOld))]
    [InlineData(10, 12080, true, false, false, nameof(DependentLaunches.KernelsDoNotWait))]
    [InlineData(9, 12030, true, true, true, nameof(DependentLaunches.LaunchesAreAwaited))]
    public void What_becomes_of_the_wish_depends_on_gpu_driver_and_kernels(
        int major, int driverVersion, bool canAsk, bool kernelsWait, bool synchronous, string expected) =>
        Assert.Equal(Enum.Parse<DependentLaunches>(expected),
            DependentLaunchRule.Of(major, driverVersion, canAsk, kernelsWait, synchronous));

    [Theory]
    [InlineData("RESTE_EMULATOR_CAPABILITY", "9.0", ", dependent launches")]
    [InlineData("RESTE_EMULATOR_CAPABILITY", "8.9", ", no dependent launches: they need compute capability 9.0")]
    [InlineData("RESTE_EMULATOR_DRIVER", "12020", ", no dependent launches: they need a driver that supports CUDA 12.3")]
    public void A_device_says_what_came_of_it(string variable, string value, string expected)
    {
        DriverRig.RequireEmulator();
        ChildProcess.Run($"{typeof(DependentLaunchTests).FullName}.{nameof(A_step_runs_and_the_device_says_so)}",
            (variable, value), (Expected, expected));
    }

    [Fact(Explicit = true)]
    public void A_step_runs_and_the_device_says_so()
    {
        string expected = Environment.GetEnvironmentVariable(Expected)!;
        using CudaDevice device = GpuUnderTest.Open(dependentLaunches: true);
        Assert.EndsWith(expected, device.Description, StringComparison.Ordinal);
        using NetworkRun run = TapeCase.Build(device, "resnet20_1w1a", realActivations: false, batch: 2, size: 8);
        Assert.All(TapeCase.Train(run, 1).Values, values => Assert.DoesNotContain(values, double.IsNaN));
        Assert.Equal(device.DependentLaunches == DependentLaunches.Used, Dependent() > 0);
    }

    // As the compiler leaves them for a GPU of 9.0 or an older one.
    [Fact]
    public void Images_that_do_not_wait_are_launched_as_ever_and_the_device_says_why()
    {
        DriverRig.RequireEmulator();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("reste-images-");
        try
        {
            foreach (string image in Directory.GetFiles(GpuUnderTest.KernelFolder!, "*.ptx"))
            {
                string text = File.ReadAllText(image).Replace("waits_for_launch_before", "of_no_meaning", StringComparison.Ordinal);
                File.WriteAllText(Path.Combine(folder.FullName, Path.GetFileName(image)), text);
            }

            using var device = CudaDevice.Open(0, folder.FullName, dependentLaunches: true);
            Assert.EndsWith("do not wait for each other", device.Description, StringComparison.Ordinal);
            using NetworkRun run = TapeCase.Build(device, "resnet20_1w1a", realActivations: false, batch: 2, size: 8);
            long before = Dependent();
            TapeCase.Train(run, 1);
            Assert.Equal(before, Dependent());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(".version 8.4\n.target sm_90a\n.const .align 4 .u32 waits_for_launch_before = 1;\n", true)]
    [InlineData("\u007fELF\0advance\0waits_for_launch_before\0.text\0", true)]
    [InlineData(".version 8.4\n.target sm_80\n.visible .entry advance()\n", false)]
    [InlineData(".const .align 4 .u32 waits_for_launch_before = 0;\n", false)]
    [InlineData("", false)]
    public void An_image_says_whether_its_kernels_wait(string image, bool expected) =>
        Assert.Equal(expected, KernelText.Waits(System.Text.Encoding.ASCII.GetBytes(image)));

    // Sizes and places as a C compiler gives them for cuda.h of CUDA 12.4, on 64 bits.
    [Fact]
    public void The_structs_of_a_launch_lie_as_the_driver_reads_them()
    {
        CuLaunchConfig config;
        CuLaunchAttribute attribute;
        Assert.Equal((56, 72), (sizeof(CuLaunchConfig), sizeof(CuLaunchAttribute)));
        Assert.Equal([0, 4, 8, 12, 16, 20, 24, 32, 40, 48],
        [
            Place(&config, &config.GridX), Place(&config, &config.GridY), Place(&config, &config.GridZ),
            Place(&config, &config.BlockX), Place(&config, &config.BlockY), Place(&config, &config.BlockZ),
            Place(&config, &config.SharedBytes), Place(&config, &config.Stream), Place(&config, &config.Attributes),
            Place(&config, &config.AttributeCount),
        ]);
        Assert.Equal((0, 8, 6), (Place(&attribute, &attribute.Id), Place(&attribute, &attribute.Value),
            (int)CuLaunchAttributeId.ProgrammaticStreamSerialization));
    }

    private static int Place(void* whole, void* part) => (int)((byte*)part - (byte*)whole);

    private static long Dependent() => Emulator.Count("dependent_launches");

    private static CudaStream Overlapping(DriverRig rig) => new(rig.Context, rig.Modules, dependent: true);

    private static Add Sum(DriverRig rig)
    {
        nint memory = rig.Upload(new float[3 * Count]);
        return new(new(memory), new(memory + (nint)(Count * sizeof(float))), new(memory + (nint)(2 * Count * sizeof(float))), Count);
    }

    /// <summary>How many launches of a piece of work are dependent.</summary>
    private static long Captured(CudaStream stream, Action work)
    {
        long before = Dependent();
        using CudaGraph graph = stream.Capture("some work", work);
        graph.Launch();
        stream.Synchronize();
        return Dependent() - before;
    }
}
