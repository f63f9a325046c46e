using ManagedCuda.BasicTypes;
using ReSTE.Native.Adapters.ManagedCuda;
using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Training;
using CudaException = ReSTE.Native.Devices.Cuda.CudaException;
using HostException = ManagedCuda.CudaException;

namespace ReSTE.Native.ManagedCuda.Tests;

/// <summary>One failure, one code, whoever tells of it.</summary>
[Trait("Category", "Device")]
public sealed class HostErrorsTests
{
    [Theory]
    [InlineData(CUResult.ErrorOutOfMemory, "CUDA_ERROR_OUT_OF_MEMORY (2)")]
    [InlineData(CUResult.ErrorInvalidValue, "CUDA_ERROR_INVALID_VALUE (1)")]
    [InlineData((CUResult)719, "CUDA_ERROR_LAUNCH_FAILED (719)")]
    public void A_code_goes_there_and_comes_again(CUResult code, string status)
    {
        var host = new HostException(code);
        CudaException ours = host.ToEngine("cuMemAlloc", "the host's pool");
        Assert.Equal((status, "cuMemAlloc", "the host's pool"), (ours.Status, ours.Call, ours.Detail));
        Assert.StartsWith($"cuMemAlloc(the host's pool): {status}: ", ours.Message, StringComparison.Ordinal);
        Assert.Equal(((int)code, code), (ours.Code, ours.Result()));
        Assert.Same(host, ours.InnerException);
    }

    [Fact]
    public void One_that_is_about_no_call_keeps_its_message()
    {
        CudaException ours = new HostException("Variable size is not a multiple of its type size.").ToEngine("a variable");
        Assert.Equal(("CUDA_ERROR_UNKNOWN (999)", "Variable size is not a multiple of its type size."), (ours.Status, ours.Detail));
    }

    [Fact]
    public void An_allocator_without_more_memory_is_told_as_such()
    {
        bool empty = false;
        var lent = new Dictionary<nint, global::ManagedCuda.CudaDeviceVariable<byte>>();
        using var rig = new Rig(allocator: new CudaAllocator(Allocate, address =>
        {
            lent.Remove(address, out var variable);
            variable!.Dispose();
        }));
        empty = true;
        var e = Assert.Throws<DeviceMemoryException>(() => rig.Trainer.NewPredictor(Rig.Batch));
        var cause = Assert.IsType<CudaException>(e.InnerException);
        Assert.Matches(@"^the host's allocator\(\d+ bytes\): CUDA_ERROR_OUT_OF_MEMORY \(2\): ", cause.Message);
        Assert.IsType<HostException>(cause.InnerException);
        empty = false;
        rig.Trainer.NewPredictor(Rig.Batch).Dispose();

        nint Allocate(long bytes)
        {
            if (empty)
                throw new HostException(CUResult.ErrorOutOfMemory);
            var variable = new global::ManagedCuda.CudaDeviceVariable<byte>(bytes);
            nint address = (IntPtr)variable.DevicePointer.Pointer;
            lent.Add(address, variable);
            return address;
        }
    }
}
