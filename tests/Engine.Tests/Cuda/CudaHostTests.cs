using System.Runtime.InteropServices;
using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Engine.Tests.Cuda.Driver;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Cuda;

/// <summary>A device on what a host lends: its context, its stream, its memory. A network trains there as on a device of its own.</summary>
[Trait("Category", "Device")]
public sealed unsafe class CudaHostTests
{
    private const int Values = 1000;

    [Fact]
    public void A_network_gives_the_bits_of_a_device_of_its_own()
    {
        using var host = new Host();
        using CudaDevice own = GpuUnderTest.Open(), lent = host.Open();
        using NetworkRun expected = TapeCase.Build(own, "resnet20_1w1a", realActivations: false, batch: 3, size: 8);
        using NetworkRun actual = TapeCase.Build(lent, "resnet20_1w1a", realActivations: false, batch: 3, size: 8);
        Snapshot.AssertSame("on a given context", TapeCase.Train(expected, 2), TapeCase.Train(actual, 2));
    }

    [Fact]
    public void Memory_comes_from_the_given_allocator_and_goes_back_to_it()
    {
        using var host = new Host();
        using (CudaDevice device = host.Open())
        using (TapeCase.Build(device, "resnet20_1w1a", realActivations: false, batch: 2, size: 8))
            Assert.NotEmpty(host.Lent);
        Assert.True(host.Given > 0);
        Assert.Empty(host.Lent);
    }

    [Fact]
    public void An_allocator_without_more_memory_is_out_of_memory()
    {
        const long Little = 500_000; // a device takes some for itself
        using var host = new Host();
        var allocator = new CudaAllocator(bytes => bytes > Little ? 0 : host.Allocate(bytes), host.Free);
        using var device = CudaDevice.OpenOn(new CudaHost { Context = host.Context, Allocator = allocator }, GpuUnderTest.KernelFolder);
        OutOfMemoryException e = Assert.Throws<OutOfMemoryException>(() => device.Allocate(1_500_000));
        Assert.Equal("the host's allocator gave no 1.5 MB", e.Message);
        Assert.True(device.IsOutOfMemory(e));
    }

    [Fact]
    public void Work_is_done_in_the_order_of_the_given_stream()
    {
        using var host = new Host();
        using CudaDevice device = host.Open();
        using var slab = new Slab(device);
        Tensor x = slab.Place(device.NewTensor("x", new Shape(Values))), y = slab.Place(device.NewTensor("y", new Shape(Values)));
        slab.Commit();
        float[] before = GC.AllocateArray<float>(Values, pinned: true), after = GC.AllocateArray<float>(Values, pinned: true);
        // Nobody waits between these: the host fills x, the device copies x to y, the host reads y and overwrites x.
        host.Fill(x.Address, 0, Values * sizeof(float));
        device.Kernels.Accumulate(x, y, GradMode.Write);
        host.Fill(x.Address, 0xFF, Values * sizeof(float));
        host.Read(y.Address, before);
        device.Kernels.Accumulate(x, y, GradMode.Write);
        host.Read(y.Address, after);
        host.Synchronize();
        Assert.All(before, v => Assert.Equal(0, v));
        Assert.All(after, v => Assert.Equal(float.NaN, v));
    }

    [Fact]
    public void What_was_lent_outlives_the_device()
    {
        using var host = new Host();
        host.Open().Dispose();
        nint memory = host.Allocate(16);
        host.Fill(memory, 0, 16);
        host.Synchronize();
        host.Free(memory);
    }

    [Theory]
    [InlineData(nameof(CuCaptureMode.ThreadLocal))]
    [InlineData(nameof(CuCaptureMode.Relaxed))]
    public void A_stream_that_captures_is_refused_and_goes_on(string mode)
    {
        using var host = new Host();
        host.BeginCapture(Enum.Parse<CuCaptureMode>(mode));
        var e = Assert.Throws<InvalidOperationException>(() => host.Open());
        Assert.Equal("the host's stream is capturing a graph: open the device before or after", e.Message);
        host.EndCapture();
        host.Open().Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_default_stream_is_refused(int stream)
    {
        using var host = new Host();
        var e = Assert.Throws<ArgumentException>(() => CudaDevice.OpenOn(new CudaHost { Context = host.Context, Stream = stream }));
        Assert.StartsWith("the host's stream is the default stream", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_of_another_context_is_refused_and_both_go_on()
    {
        using Host host = new(), other = new();
        var e = Assert.Throws<ArgumentException>(
            () => CudaDevice.OpenOn(new CudaHost { Context = host.Context, Stream = other.Stream }, GpuUnderTest.KernelFolder));
        Assert.StartsWith("the host's stream is of another context than the one it lends", e.Message, StringComparison.Ordinal);
        host.Open().Dispose();
        other.Open().Dispose();
    }

    // As PyTorch's allocator, or another library's, would tell of its own trouble.
    [Fact]
    public void An_allocator_may_tell_of_a_failure_of_the_driver()
    {
        using var host = new Host();
        var allocator = new CudaAllocator(
            bytes => bytes < 500_000 ? host.Allocate(bytes) : throw new CudaException(2, "cuMemAllocAsync", "a pool"), host.Free);
        using var device = CudaDevice.OpenOn(new CudaHost { Context = host.Context, Allocator = allocator }, GpuUnderTest.KernelFolder);
        var e = Assert.Throws<CudaException>(() => device.Allocate(1_500_000));
        Assert.Equal("cuMemAllocAsync(a pool): CUDA_ERROR_OUT_OF_MEMORY (2): out of memory", e.Message);
        Assert.Equal((2, true), (e.Code, device.IsOutOfMemory(e)));
    }

    [Fact]
    public void A_context_that_is_none_is_refused()
    {
        GpuUnderTest.Require();
        Assert.Throws<ArgumentException>(() => CudaDevice.OpenOn(new CudaHost { Context = 0 }));
        Assert.SkipUnless(GpuUnderTest.IsEmulated, "a real driver follows whatever it is given");
        CudaException e = Assert.Throws<CudaException>(() => CudaDevice.OpenOn(new CudaHost { Context = 64 }, GpuUnderTest.KernelFolder));
        Assert.Equal("cuCtxSetCurrent", e.Call);
    }

    // Other tests of this process use the primary context meanwhile.
    [Fact]
    public void The_primary_context_is_left_alone()
    {
        DriverRig.RequireEmulator();
        ChildProcess.Run($"{typeof(CudaHostTests).FullName}.{nameof(Nobody_retains_the_primary_context)}");
    }

    [Fact(Explicit = true)]
    public void Nobody_retains_the_primary_context()
    {
        using var host = new Host();
        using CudaDevice device = host.Open();
        using NetworkRun run = TapeCase.Build(device, "resnet20_1w1a", realActivations: false, batch: 2, size: 8);
        TapeCase.Train(run, 1);
        Assert.False(host.PrimaryIsActive);
    }

    /// <summary>A program that uses CUDA: it has made a context and a stream, and hands out its own memory.</summary>
    private sealed class Host : IDisposable
    {
        private readonly CudaDriver _driver;
        private readonly nint _library, _context, _stream;

        public Host()
        {
            GpuUnderTest.Require();
            Assert.True(CudaLibrary.TryLoad(out CudaDriver? driver, out string? why), why);
            _driver = driver;
            _library = NativeLibrary.Load(driver.Path);
            nint made;
            Check.That(((delegate* unmanaged<nint*, uint, int, CuResult>)Export("cuCtxCreate_v2"))(&made, 0, 0), call: "cuCtxCreate");
            _context = made;
            Check.That(driver.cuStreamCreate(&made, CuStreamFlags.NonBlocking));
            _stream = made;
        }

        public nint Context => _context;

        public nint Stream => _stream;

        public HashSet<nint> Lent { get; } = [];

        public long Given { get; private set; }

        public bool PrimaryIsActive
        {
            get
            {
                uint flags;
                int active;
                Check.That(((delegate* unmanaged<int, uint*, int*, CuResult>)Export("cuDevicePrimaryCtxGetState"))(0, &flags, &active),
                    call: "state");
                return active != 0;
            }
        }

        public CudaDevice Open() =>
            CudaDevice.OpenOn(new CudaHost { Context = _context, Stream = _stream, Allocator = new(Allocate, Free) },
            GpuUnderTest.KernelFolder);

        public nint Allocate(long bytes)
        {
            nint address;
            MakeCurrent();
            Check.That(_driver.cuMemAlloc(&address, (nuint)bytes));
            Lent.Add(address);
            Given += bytes;
            return address;
        }

        public void Free(nint address)
        {
            Assert.True(Lent.Remove(address));
            MakeCurrent();
            Check.That(_driver.cuMemFree(address));
        }

        public void Fill(nint address, byte value, int bytes)
        {
            MakeCurrent();
            Check.That(_driver.cuMemsetD8Async(address, value, (nuint)bytes, _stream));
        }

        public void Read(nint address, float[] values)
        {
            MakeCurrent();
            fixed (float* to = values)
                Check.That(_driver.cuMemcpyDtoHAsync(to, address, (nuint)(values.Length * sizeof(float)), _stream));
        }

        public void Synchronize()
        {
            MakeCurrent();
            Check.That(_driver.cuStreamSynchronize(_stream));
        }

        public void BeginCapture(CuCaptureMode mode)
        {
            MakeCurrent();
            Check.That(_driver.cuStreamBeginCapture(_stream, mode));
        }

        public void EndCapture()
        {
            nint graph;
            MakeCurrent();
            Check.That(_driver.cuStreamEndCapture(_stream, &graph));
            Check.That(_driver.cuGraphDestroy(graph));
        }

        public void Dispose()
        {
            MakeCurrent();
            Check.That(_driver.cuStreamDestroy(_stream));
            Check.That(((delegate* unmanaged<nint, CuResult>)Export("cuCtxDestroy_v2"))(_context), call: "cuCtxDestroy");
        }

        private void MakeCurrent() => Check.That(_driver.cuCtxSetCurrent(_context));

        private nint Export(string name) => NativeLibrary.GetExport(_library, name);
    }
}
