using ManagedCuda;
using ManagedCuda.BasicTypes;
using ReSTE.Native.Adapters.ManagedCuda;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Engine.Tests.Cuda;
using ReSTE.Native.Engine.Tests.Cuda.Driver;
using ReSTE.Native.Engine.Tests.Embedding;
using ReSTE.Native.Training;

namespace ReSTE.Native.ManagedCuda.Tests;

/// <summary>What cannot be used is refused before the GPU sees it, in one line each, and harms nothing.</summary>
[Trait("Category", "Device")]
public sealed class RefusalTests
{
    private const string Disposed = "has been disposed of: keep it until the engine's work on it is done";

    [Fact]
    public void A_stream_of_another_context()
    {
        using var rig = new Rig();
        using var other = new CudaContext(0);
        using var stream = new CudaStream(CUStreamFlags.NonBlocking);
        var e = Assert.Throws<ArgumentException>(() => Open(rig.Context, stream));
        Assert.StartsWith("the host's stream is of another context than the one it lends: make the stream while that context is current",
            e.Message, StringComparison.Ordinal);
        Open(other, stream).Dispose();
    }

    [Fact]
    public void The_default_stream()
    {
        using var rig = new Rig();
        using var stream = new CudaStream(default(CUstream));
        var e = Assert.Throws<ArgumentException>(() => Open(rig.Context, stream));
        Assert.StartsWith("the host's stream is the default stream", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public unsafe void A_stream_that_captures_whose_capture_goes_on()
    {
        using var rig = new Rig();
        using var stream = new CudaStream(CUStreamFlags.NonBlocking);
        const int ThreadLocal = 1; // other tests of this process allocate meanwhile
        nint graph = 0;
        Assert.Equal(0,
            ((delegate* unmanaged<nint, int, int>)DriverFunction.Find("cuStreamBeginCapture_v2"))(stream.Stream.Pointer, ThreadLocal));
        var e = Assert.Throws<InvalidOperationException>(() => Open(rig.Context, stream));
        Assert.Equal("the host's stream is capturing a graph: open the device before or after", e.Message);
        Assert.Equal(0, ((delegate* unmanaged<nint, nint*, int>)DriverFunction.Find("cuStreamEndCapture"))(stream.Stream.Pointer, &graph));
        Assert.Equal(0, ((delegate* unmanaged<nint, int>)DriverFunction.Find("cuGraphDestroy"))(graph));
    }

    [Fact]
    public void A_context_or_a_stream_that_is_disposed_of()
    {
        GpuUnderTest.Require();
        var context = new CudaContext(0);
        var stream = new CudaStream(CUStreamFlags.NonBlocking);
        stream.Dispose();
        Assert.Equal("the stream " + Disposed, Assert.Throws<ObjectDisposedException>(() => Open(context, stream)).Message);
        context.Dispose();
        Assert.Equal("the context " + Disposed, Assert.Throws<ObjectDisposedException>(() => Open(context, null)).Message);
        Assert.Throws<ArgumentNullException>(() => Open(null!, null));
    }

    [Fact]
    public void A_variable_that_is_disposed_of()
    {
        using var rig = new Rig();
        var (images, scores) = rig.Variables();
        using VariablePredictor network = rig.Gpu.Bind(rig.Predictor, images, scores);
        scores.Dispose();
        Assert.Equal("the variable of scores " + Disposed, Assert.Throws<ObjectDisposedException>(network.Run).Message);
        Assert.Equal("the variable of scores " + Disposed,
            Assert.Throws<ObjectDisposedException>(() => rig.Gpu.Bind(rig.Predictor, images, scores)).Message);
        images.Dispose();
        Assert.Equal("the variable of images " + Disposed, Assert.Throws<ObjectDisposedException>(network.Run).Message);
        Assert.Throws<ArgumentNullException>(() => rig.Gpu.Bind(rig.Predictor, null!, scores));
        // None of it has reached the GPU.
        Assert.Equal(rig.Expected(Rig.Pictures(0)), rig.Expected(Rig.Pictures(0)));
    }

    [Theory]
    [InlineData(-1, 0, "the variable of images has 511 elements, a batch of 4 images of 8 x 8 x 2 has 512 (Parameter 'images')")]
    [InlineData(1, 0, "the variable of images has 513 elements, a batch of 4 images of 8 x 8 x 2 has 512 (Parameter 'images')")]
    [InlineData(0, -1, "the variable of scores has 11 elements, a batch of 4 images in 3 classes has 12 (Parameter 'scores')")]
    [InlineData(0, 4, "the variable of scores has 16 elements, a batch of 4 images in 3 classes has 12 (Parameter 'scores')")]
    public void A_variable_of_another_length(int moreImages, int moreScores, string message)
    {
        using var rig = new Rig();
        using var images = new CudaDeviceVariable<byte>(Rig.Lengths.Images + moreImages);
        using var scores = new CudaDeviceVariable<float>(Rig.Lengths.Scores + moreScores);
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => rig.Gpu.Bind(rig.Predictor, images, scores)).Message);
    }

    [Fact]
    public void A_variable_that_begins_anywhere()
    {
        using var rig = new Rig();
        var (images, scores) = rig.Variables();
        using var room = new CudaDeviceVariable<byte>(Rig.Lengths.Images + 4);
        using var shifted = new CudaDeviceVariable<byte>(room.DevicePointer + 4, Rig.Lengths.Images);
        var e = Assert.Throws<ArgumentException>(() => rig.Gpu.Bind(rig.Predictor, shifted, scores));
        Assert.Matches("^the address of the images is 0x[0-9a-f]+, not a multiple of 64 bytes", e.Message);
    }

    [Fact]
    public void A_variable_of_another_context()
    {
        using var rig = new Rig();
        var (images, scores) = rig.Variables();
        using var other = new CudaContext(0);
        using var foreign = new CudaDeviceVariable<byte>(Rig.Lengths.Images);
        var e = Assert.Throws<ArgumentException>(() => rig.Gpu.Bind(rig.Predictor, foreign, scores));
        Assert.StartsWith("the variable of images is of another context than the device: make it while that context is current", e.Message,
            StringComparison.Ordinal);
        rig.Gpu.Bind(rig.Predictor, images, scores).Dispose();
    }

    [Fact]
    public void A_predictor_of_another_device()
    {
        using var rig = new Rig();
        using var cpu = new CpuDevice(1);
        using var trainer = new Trainer(Stripes.Recipe, cpu, Stripes.Data, Stripes.Network);
        using Predictor predictor = trainer.NewPredictor(Rig.Batch);
        var (images, scores) = rig.Variables();
        var e = Assert.Throws<ArgumentException>(() => rig.Gpu.Bind(predictor, images, scores));
        Assert.Equal($"the predictor runs on {cpu.Description}, not on this device (Parameter 'predictor')", e.Message);
    }

    [Fact]
    public void A_gpu_that_is_too_old()
    {
        GpuUnderTest.Require();
        Assert.SkipUnless(GpuUnderTest.IsEmulated, "only the emulator's age can be set");
        ChildProcess.Run($"{typeof(RefusalTests).FullName}.{nameof(An_old_gpu_is_named_with_what_is_needed)}",
            ("RESTE_EMULATOR_CAPABILITY", "7.5"));
    }

    [Fact(Explicit = true)]
    public void An_old_gpu_is_named_with_what_is_needed()
    {
        using var context = new CudaContext(0);
        using var stream = new CudaStream(CUStreamFlags.NonBlocking);
        var e = Assert.Throws<InvalidOperationException>(() => Open(context, stream));
        Assert.Equal("cuda:0: GPU 0, CUDA emulator, has compute capability 7.5; 8.0 or newer is needed", e.Message);
        stream.Synchronize();
    }

    private static ManagedCudaDevice Open(CudaContext context, CudaStream? stream) =>
        ManagedCudaDevice.Open(context, stream, kernelFolder: GpuUnderTest.KernelFolder);
}
