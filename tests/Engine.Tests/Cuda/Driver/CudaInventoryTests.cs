using ReSTE.Native.Devices.Cuda;

namespace ReSTE.Native.Engine.Tests.Cuda.Driver;

/// <summary>Why a GPU cannot be used is said in one clause that goes into "no usable GPU (...)".</summary>
public sealed class CudaInventoryTests
{
    private static readonly CudaDeviceInfo T4 = new(0, "Tesla T4", 7, 5, 16_000_000_000, 40, null);
    private static readonly CudaDeviceInfo H200 = new(0, "NVIDIA H200", 9, 0, 150_000_000_000, 132, "0000:19:00");

    [Fact]
    public void Usable_gpu_has_no_reason()
    {
        CudaInventory inventory = With(CudaDeviceStatus.Of(H200, 0));
        Assert.Null(inventory.WhyNot(0));
        Assert.Same(H200, inventory.FirstUsable);
        Assert.Equal("12.4", inventory.DriverVersionText);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(-1)]
    public void Gpu_that_is_not_there_is_named_with_those_that_are(int ordinal) =>
        Assert.Equal($"there is no GPU {ordinal}, this machine has 1: 0 NVIDIA H200", With(CudaDeviceStatus.Of(H200, 0)).WhyNot(ordinal));

    [Fact]
    public void Old_gpu_says_what_is_needed()
    {
        CudaInventory inventory = With(CudaDeviceStatus.Of(T4, 0));
        Assert.Equal("GPU 0, Tesla T4, has compute capability 7.5; 8.0 or newer is needed", inventory.WhyNot(0));
        Assert.Equal("compute capability 7.5 is older than 8.0", inventory.Devices[0].WhyNot);
        Assert.Null(inventory.FirstUsable);
    }

    [Fact]
    public void A_second_gpu_is_found_after_an_old_one()
    {
        CudaInventory inventory = With(CudaDeviceStatus.Of(T4, 0), CudaDeviceStatus.Of(H200 with { Ordinal = 1 }, 0));
        Assert.Equal(1, inventory.FirstUsable!.Ordinal);
        Assert.Equal("there is no GPU 2, this machine has 2: 0 Tesla T4, 1 NVIDIA H200", inventory.WhyNot(2));
    }

    [Fact]
    public void Gpu_is_named_with_its_address_where_that_is_known() =>
        Assert.Equal(("NVIDIA H200 at 0000:19:00", "Tesla T4"), (H200.Place, T4.Place));

    [Fact]
    public void Prohibited_gpu_says_how_to_allow_it() =>
        Assert.Equal("GPU 0, NVIDIA H200, cannot be used: its compute mode is Prohibited: set it with nvidia-smi -c DEFAULT",
            With(CudaDeviceStatus.Of(H200, 2)).WhyNot(0));

    [Fact]
    public void Missing_driver_goes_before_all_else() =>
        Assert.Equal("the driver library libcuda.so.1 was not found",
            new CudaInventory([], null, 0, "the driver library libcuda.so.1 was not found", []).WhyNot(3));

    [Theory]
    [InlineData(100, "the driver reports no device")]
    [InlineData(803, "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH (803): restart the machine")]
    [InlineData(804, "CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE (804)")]
    [InlineData(999, "reload the kernel module nvidia_uvm")]
    [InlineData(46, "cuInit failed, CUDA_ERROR_DEVICE_UNAVAILABLE (46): ")]
    public void Failure_of_cuInit_is_explained(int status, string expected) =>
        Assert.Contains(expected, CudaError.InitMeaning((CuResult)status), StringComparison.Ordinal);

    [Fact]
    public void Probe_never_throws_and_says_why()
    {
        CudaInventory inventory = CudaDevices.Probe();
        Assert.NotEmpty(inventory.Attempts);
        Assert.Equal(inventory.Library is null, inventory.Attempts.All(a => a.Failure is not null));
        Assert.True(inventory.Failure is not null ^ inventory.Devices.Count > 0);
        Assert.NotNull(inventory.WhyNot(inventory.Devices.Count));
    }

    [Fact]
    public void Context_of_a_gpu_that_is_not_there_is_refused()
    {
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => new CudaContext(1000));
        Assert.StartsWith("cuda:1000: ", e.Message, StringComparison.Ordinal);
    }

    private static CudaInventory With(params CudaDeviceStatus[] devices) =>
        new([new("libcuda.so.1", null)], "libcuda.so.1", 12040, null, devices);
}
