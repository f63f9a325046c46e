using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Engine.Tests.Cuda.Driver;

/// <summary>
/// A failure names its call, what was under way, and its status, in one line. The same with a library loaded and without.
/// </summary>
public sealed class CheckTests
{
    [Theory]
    [InlineData("CudaDriver.cuStreamSynchronize(handle)", "cuStreamSynchronize")]
    [InlineData("CudaDriver.cuMemAlloc(out nint address, (nuint)bytes)", "cuMemAlloc")]
    [InlineData("cuInit(0)", "cuInit")]
    [InlineData("ReSTE.Native.Devices.Cuda.CudaDriver.cuCtxSynchronize ()", "cuCtxSynchronize")]
    [InlineData("result", "result")]
    [InlineData("", "")]
    public void Call_is_named_without_class_and_arguments(string source, string expected) =>
        Assert.Equal(expected, Check.FunctionName(source));

    [Fact]
    public void Success_passes() => Check.That(CuResult.CUDA_SUCCESS);

    [Fact]
    public void Failure_carries_the_source_of_its_call()
    {
        CudaException e = Assert.Throws<CudaException>(() => Check.That(Fake.cuMemAlloc(CuResult.CUDA_ERROR_OUT_OF_MEMORY),
            "1.2 GB for slab"));
        Assert.Equal("cuMemAlloc", e.Call);
        Assert.Equal("1.2 GB for slab", e.Detail);
        Assert.Equal("CUDA_ERROR_OUT_OF_MEMORY (2)", e.Status);
        Assert.Equal("cuMemAlloc(1.2 GB for slab): CUDA_ERROR_OUT_OF_MEMORY (2): out of memory", e.Message);
    }

    [Fact]
    public void Failure_without_detail_has_no_empty_brackets()
    {
        CudaException e = Assert.Throws<CudaException>(() => Check.That(Fake.cuMemAlloc(CuResult.CUDA_ERROR_OUT_OF_MEMORY)));
        Assert.Equal("cuMemAlloc: CUDA_ERROR_OUT_OF_MEMORY (2): out of memory", e.Message);
    }

    [Fact]
    public void Message_is_one_line()
    {
        CudaException e = Assert.Throws<CudaException>(() => Check.That(Fake.cuMemAlloc(CuResult.CUDA_ERROR_INVALID_PTX),
            "line 1\nline 2"));
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Unknown_status_keeps_its_number()
    {
        CudaException e = Assert.Throws<CudaException>(() => Check.That(Fake.cuMemAlloc((CuResult)4711)));
        Assert.Contains("(4711)", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(999, "999 bytes")]
    [InlineData(1_500, "1.5 kB")]
    [InlineData(2_000_000, "2.0 MB")]
    [InlineData(1_234_567_890, "1.2 GB")]
    public void Size_reads_well(long bytes, string expected) => Assert.Equal(expected, ByteSize.Text(bytes));

    [Theory]
    [InlineData((int)CuResult.CUDA_ERROR_OUT_OF_MEMORY, false, false)]
    [InlineData((int)CuResult.CUDA_ERROR_ILLEGAL_ADDRESS, true, true)]
    [InlineData((int)CuResult.CUDA_ERROR_ASSERT, true, true)]
    [InlineData((int)CuResult.CUDA_ERROR_HARDWARE_STACK_ERROR, true, true)]
    [InlineData((int)CuResult.CUDA_ERROR_LAUNCH_FAILED, true, true)]
    [InlineData((int)CuResult.CUDA_ERROR_ECC_UNCORRECTABLE, true, false)]
    [InlineData((int)CuResult.CUDA_ERROR_LAUNCH_TIMEOUT, true, false)]
    public void A_failure_says_whether_a_kernel_was_at_fault_and_whether_the_context_is_broken(int result, bool broken, bool kernel)
    {
        CudaException e = Assert.Throws<CudaException>(() => Check.That(Fake.cuMemAlloc((CuResult)result)));
        Assert.Equal((broken, kernel, false), (e.BreaksContext, e.IsKernelFault, e.RefusesImage));
    }

    [Fact]
    public void A_refused_image_is_known_as_one() =>
        Assert.True(new CudaException(CuResult.CUDA_ERROR_INVALID_PTX, nameof(CudaDriver.cuModuleLoadDataEx), "scale.ptx").RefusesImage);

    private static class Fake
    {
        internal static CuResult cuMemAlloc(CuResult result) => result;
    }
}
