using ReSTE.Native.Devices.Cuda;

namespace ReSTE.Native.Engine.Tests.Cuda;

/// <summary>Says what the device tests run on.</summary>
[Trait("Category", "Device")]
public sealed class GpuUnderTestTests
{
    [Fact]
    public void The_device_is_named()
    {
        GpuUnderTest.Require();
        using CudaDevice device = GpuUnderTest.Open();
        string what = GpuUnderTest.IsEmulated ? "the emulator" : "a GPU";
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"device tests run on {what}, {device.Description}; library {CudaDevices.Probe().Library}");
        Console.WriteLine($"device tests run on {what}: {device.Description}");
    }
}
