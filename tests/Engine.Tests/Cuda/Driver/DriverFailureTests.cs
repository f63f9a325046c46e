using System.Text.RegularExpressions;
using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Engine.Tests.Tapes;

namespace ReSTE.Native.Engine.Tests.Cuda.Driver;

/// <summary>What is said when a launch fails. The faults that last run in a process of their own.</summary>
[Trait("Category", "Device")]
public sealed class DriverFailureTests
{
    private const string Expected = "RESTE_TEST_EXPECTED";

    [Fact]
    public void Launch_that_is_refused_names_kernel_grid_and_arguments()
    {
        using DriverRig rig = DriverRig.Require();
        CudaException e = Assert.Throws<CudaException>(() => rig.Stream.Launch(new Add(default, default, default, 7), new Grid(0)));
        Assert.Equal("cuLaunchKernel", e.Call);
        Assert.Equal("add, grid 0 x 1 x 1, block 256, "
            + "Add { A = Single* 0x0, B = Single* 0x0, Y = Single* 0x0, Count = 7 }", e.Detail);
        Assert.Equal("CUDA_ERROR_INVALID_VALUE (1)", e.Status);
    }

    [Fact]
    public void Fault_on_the_gpu_names_what_was_launched_last() => Child(nameof(Fault_is_told_later), "", ("RESTE_EMULATOR_FAULT", "add"));

    [Fact]
    public void Fault_in_a_graph_names_the_graph() => Child(nameof(Fault_in_graph_is_told_later), "", ("RESTE_EMULATOR_FAULT", "add"));

    [Fact]
    public void Fault_of_a_synchronous_stream_names_kernel_and_arguments() =>
        Child(nameof(Fault_is_told_at_once), "", ("RESTE_EMULATOR_FAULT", "add"));

    [Theory]
    [InlineData("unit_conv_mma", "layer1.0.conv1")]
    [InlineData("unit_weight_grads_mma", "layer2.0.conv1 to layer3.2.conv2")]
    [InlineData("sign_layers", "binary weights")]
    public void Fault_in_a_fused_kernel_names_it_and_its_layer(string kernel, string layer) =>
        Child(nameof(Fault_of_a_step_names_its_layer), $"{kernel} in {layer}", ("RESTE_EMULATOR_FAULT", kernel));

    [Theory]
    [InlineData("10.0", "signs as int8, for its tensor cores multiply no bits")]
    [InlineData("9.0", "signs as bits by AND")]
    [InlineData("8.6", "signs as bits by XOR")]
    public void A_gpu_says_how_its_tensor_cores_multiply_signs(string capability, string expected) =>
        Child(nameof(A_step_runs_and_the_device_says_how), expected, ("RESTE_EMULATOR_CAPABILITY", capability));

    [Theory]
    [InlineData("RESTE_EMULATOR_INIT", "100", "the driver reports no device")]
    [InlineData("RESTE_EMULATOR_INIT", "999",
        "cuInit failed, CUDA_ERROR_UNKNOWN (999), often after a suspend: reload the kernel module nvidia_uvm")]
    [InlineData("RESTE_EMULATOR_CAPABILITY", "7.5", "has compute capability 7.5; 8.0 or newer is needed")]
    [InlineData("RESTE_LIBCUDA", "/no/such/library.so",
        "the driver library /no/such/library.so, named by RESTE_LIBCUDA, could not be loaded")]
    public void Machine_that_cannot_serve_says_why(string variable, string value, string expected) =>
        Child(nameof(Why_not_is_as_expected), expected, (variable, value));

    [Fact(Explicit = true)]
    public void Fault_is_told_later()
    {
        DriverRig rig = DriverRig.Require();
        Add args = new(new(rig.Upload(1)), new(rig.Upload(2)), new(rig.Upload(3)), 1);
        rig.Stream.Launch(in args, new Grid(1));
        CudaException e = Assert.Throws<CudaException>(() => rig.Stream.Synchronize());
        Assert.StartsWith("cuStreamSynchronize(after add, grid 1 x 1 x 1, block 256): CUDA_ERROR_ILLEGAL_ADDRESS (700): ", e.Message,
            StringComparison.Ordinal);
        // The fault stays with the context: disposing must not throw.
        rig.Dispose();
    }

    [Fact(Explicit = true)]
    public void Fault_in_graph_is_told_later()
    {
        DriverRig rig = DriverRig.Require();
        Add args = new(new(rig.Upload(1)), new(rig.Upload(2)), new(rig.Upload(3)), 1);
        CudaGraph graph = rig.Stream.Capture("training step", () => rig.Stream.Launch(in args, new Grid(1)));
        graph.Launch();
        CudaException e = Assert.Throws<CudaException>(() => rig.Stream.Synchronize());
        Assert.StartsWith("cuStreamSynchronize(after graph training step): CUDA_ERROR_ILLEGAL_ADDRESS (700): ", e.Message,
            StringComparison.Ordinal);
    }

    [Fact(Explicit = true)]
    public void Fault_is_told_at_once()
    {
        DriverRig rig = DriverRig.Require(synchronous: true);
        Add args = new(new(rig.Upload(1)), new(rig.Upload(2)), new(rig.Upload(3)), 1);
        CudaException e = Assert.Throws<CudaException>(() => rig.Stream.Launch(in args, new Grid(1)));
        Assert.Equal("cuStreamSynchronize", e.Call);
        Assert.Equal($"add, grid 1 x 1 x 1, block 256, {args}", e.Detail);
        Assert.Equal("CUDA_ERROR_ILLEGAL_ADDRESS (700)", e.Status);
    }

    [Fact(Explicit = true)]
    public void A_step_runs_and_the_device_says_how()
    {
        using CudaDevice device = GpuUnderTest.Open();
        Assert.Matches($@"kernels \w+ \w+, {Regex.Escape(Environment.GetEnvironmentVariable(Expected)!)}$", device.Description);
        using NetworkRun run = TapeCase.Build(device, "resnet20_1w1a", realActivations: false, batch: 2, size: 8);
        Assert.All(TapeCase.Train(run, 1).Values, values => Assert.DoesNotContain(values, double.IsNaN));
    }

    [Fact(Explicit = true)]
    public void Fault_of_a_step_names_its_layer()
    {
        string[] expected = Environment.GetEnvironmentVariable(Expected)!.Split(" in ");
        CudaDevice device = GpuUnderTest.Open(synchronous: true);
        NetworkRun run = TapeCase.Build(device, "resnet20_1w1a", realActivations: false, batch: 2, size: 8);
        TapeCase.Feed(run, 0);
        CudaException e = Assert.Throws<CudaException>(run.Tape.Run);
        Assert.StartsWith($"cuStreamSynchronize({expected[0]}, grid ", e.Message, StringComparison.Ordinal);
        Assert.EndsWith($"; in {expected[1]}", e.Message, StringComparison.Ordinal);
        Assert.Equal(expected[1], e.Layer);
    }

    [Fact(Explicit = true)]
    public void Why_not_is_as_expected() =>
        Assert.Contains(Environment.GetEnvironmentVariable(Expected)!, CudaDevices.Probe().WhyNot(0), StringComparison.Ordinal);

    private static void Child(string method, string expected, (string Name, string Value) variable)
    {
        DriverRig.RequireEmulator();
        ChildProcess.Run($"{typeof(DriverFailureTests).FullName}.{method}", variable, (Expected, expected));
    }
}
