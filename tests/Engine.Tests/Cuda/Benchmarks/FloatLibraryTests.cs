using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Cuda.Benchmarks;

/// <summary>
/// cuBLAS and cuDNN beside our kernels: found or not, and called as their headers say. Only a stand-in is called here, which computes what
/// it is asked for; so the orders of matrices and channels are right, and the libraries' own speed is not known.
/// </summary>
[Collection(nameof(WholeProcess))]
[Trait("Category", "Device")]
public sealed class FloatLibraryTests : IDisposable
{
    private static readonly ConvGeometry Geometry = new(3, 5, 7, 4, 6, 3, 2, 1);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Cublas.Variable, null);
        Environment.SetEnvironmentVariable(Cudnn.Variable, null);
    }

    [Fact]
    public void A_library_that_is_not_there_is_said_in_one_line_with_what_was_tried()
    {
        GpuUnderTest.Require();
        Environment.SetEnvironmentVariable(Cublas.Variable, "/nonexistent/libcublas.so");
        Environment.SetEnvironmentVariable(Cudnn.Variable, "/nonexistent/libcudnn.so");
        using CudaDevice device = GpuUnderTest.Open();
        using WorkTimer timer = device.NewTimer();
        Assert.Equal(
        [
            "cuBLAS not found (tried /nonexistent/libcublas.so; RESTE_LIBCUBLAS names another file): nothing to compare with",
            "cuDNN not found (tried /nonexistent/libcudnn.so; RESTE_LIBCUDNN names another file): nothing to compare with",
        ], timer.Libraries);
        Assert.Equal(new FloatTimes(null, null), timer.TimeFloat(Geometry, 1));
    }

    [Fact]
    public void Without_a_variable_the_versions_are_tried_in_order()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the files have other names there");
        Assert.Equal(["libcublas.so.13", "libcublas.so.12"], Cublas.Files);
        Assert.Equal(["libcudnn.so.9"], Cudnn.Files);
    }

    [Fact]
    public void A_library_of_another_kind_is_named_and_left_out()
    {
        GpuUnderTest.Require();
        // Any library will do that has none of the functions.
        Environment.SetEnvironmentVariable(Cublas.Variable, CudaDevices.Probe().Library);
        Environment.SetEnvironmentVariable(Cudnn.Variable, "/nonexistent/libcudnn.so");
        using CudaDevice device = GpuUnderTest.Open();
        using WorkTimer timer = device.NewTimer();
        Assert.Contains($"cuBLAS: {CudaDevices.Probe().Library} has no function cublasCreate_v2", timer.Libraries);
        Assert.Null(timer.TimeFloat(Geometry, 1).Product);
    }

    [Fact]
    public void The_product_is_asked_for_in_the_order_of_columns()
    {
        using Rig rig = Rig.Open();
        using (var cublas = new Cublas(rig.Library("cuBLAS"), rig.Stream))
            cublas.Multiply(rig.X.Address, rig.W.Address, rig.Y.Address, (int)Geometry.Input.Rows, Geometry.I, Geometry.O);
        Assert.Equal(
            ["cublasCreate_v2", "cublasSetStream_v2 given", "cublasSetMathMode 3", "cublasSgemm_v2 1 0 6 105 4", "cublasDestroy_v2"],
            StandInLibrary.TakeCalls());
        // Each pixel of x by the first four weights of each filter, as w [6,4] of the product lies there.
        double[] y = rig.Read(rig.Y);
        for (int m = 0; m < (int)Geometry.Input.Rows; m++)
        {
            for (int o = 0; o < Geometry.O; o++)
            {
                double expected = Enumerable.Range(0, Geometry.I)
                    .Sum(k => rig.XValues[m * Geometry.I + k] * rig.WValues[o * Geometry.I + k]);
                Assert.Equal(expected, y[m * Geometry.O + o], 1e-5);
            }
        }
    }

    [Fact]
    public void The_convolution_is_described_in_our_order_of_channels()
    {
        using Rig rig = Rig.Open();
        using (var cudnn = new Cudnn(rig.Library("cuDNN"), rig.Stream))
        {
            using CudnnConvolution convolution = cudnn.Convolution(Geometry);
            Assert.Equal(4096, convolution.WorkspaceBytes);
            convolution.Forward(rig.X.Address, rig.W.Address, rig.Y.Address, rig.Workspace.Address);
        }

        Assert.Equal(
        [
            "cudnnCreate", "cudnnSetStream given",
            "cudnnCreateTensorDescriptor", "cudnnSetTensor4dDescriptor 1 0 3 4 5 7",
            "cudnnCreateTensorDescriptor", "cudnnSetTensor4dDescriptor 1 0 3 6 3 4",
            "cudnnCreateFilterDescriptor", "cudnnSetFilter4dDescriptor 0 1 6 4 3 3",
            "cudnnCreateConvolutionDescriptor", "cudnnSetConvolution2dDescriptor 1 2 1 1 0",
            "cudnnGetConvolutionForwardAlgorithm_v7 8", "cudnnSetConvolutionMathType 2", "cudnnGetConvolutionForwardWorkspaceSize 6",
            "cudnnConvolutionForward 6",
            "cudnnDestroyConvolutionDescriptor", "cudnnDestroyFilterDescriptor", "cudnnDestroyTensorDescriptor",
            "cudnnDestroyTensorDescriptor", "cudnnDestroy",
        ], StandInLibrary.TakeCalls());

        double[] actual = rig.Read(rig.Y)[..(int)Geometry.Output.Count], expected = rig.Convolution();
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void Both_are_timed_through_the_timer_and_a_refusal_is_said_once()
    {
        GpuUnderTest.Require();
        Assert.SkipUnless(GpuUnderTest.IsEmulated, "the stand-in computes on the host");
        Environment.SetEnvironmentVariable(Cublas.Variable, StandInLibrary.Path);
        Environment.SetEnvironmentVariable(Cudnn.Variable, StandInLibrary.Path);
        using (CudaDevice device = GpuUnderTest.Open())
        using (WorkTimer timer = device.NewTimer())
        {
            FloatTimes times = timer.TimeFloat(Geometry, 2);
            Assert.All([times.Product!, times.Convolution!], seconds =>
            {
                Assert.InRange(seconds.Count, 1, 2);
                Assert.All(seconds, s => Assert.InRange(s, 0, 10));
            });
            Assert.Null(timer.TimeFloat(Geometry with { N = 13 }, 1).Convolution);
            Assert.Null(timer.TimeFloat(Geometry with { N = 13 }, 1).Convolution);
            Assert.Equal(
            [
                $"cuBLAS: {StandInLibrary.Path}", $"cuDNN: {StandInLibrary.Path}",
                "cuDNN: no algorithm for a convolution of channels last in single precision",
            ], timer.Libraries);
        }

        string[] calls = StandInLibrary.TakeCalls();
        Assert.Contains("cublasSgemm_v2 1 0 6 36 36", calls); // 3 x 3 x 4 pixels, 3 x 3 taps of 4 channels
        Assert.Equal(calls.Count(c => c.StartsWith("cudnnCreate", StringComparison.Ordinal)),
            calls.Count(c => c.StartsWith("cudnnDestroy", StringComparison.Ordinal)));
    }

    /// <summary>Tensors on an emulated device, which the stand-in can read.</summary>
    private sealed class Rig : IDisposable
    {
        private readonly CudaDevice _device = GpuUnderTest.Open();
        private readonly Slab _slab;
        private readonly CudaContext _context;
        private readonly KernelModules _modules;
        private readonly CudaStream _stream;

        private Rig()
        {
            var random = new Random(5);
            XValues = [.. Enumerable.Range(0, (int)Geometry.Input.Count).Select(_ => (double)(float)random.NextDouble() - 0.5)];
            WValues = [.. Enumerable.Range(0, (int)Geometry.Weight.Count).Select(_ => (double)(float)random.NextDouble() - 0.5)];
            _slab = new Slab(_device);
            X = _slab.Place(_device.NewTensor("x", Geometry.Input));
            W = _slab.Place(_device.NewTensor("w", Geometry.Weight));
            Y = _slab.Place(_device.NewTensor("y", new Shape((int)Geometry.Input.Rows, Geometry.O)));
            Workspace = _slab.Place(_device.NewTensor("workspace", new Shape(1024)));
            _slab.Commit();
            _device.WriteReals(X, XValues);
            _device.WriteReals(W, WValues);
            _context = new CudaContext(0);
            _modules = new KernelModules(_context, KernelImages.FromFolder(GpuUnderTest.KernelFolder!));
            _stream = new CudaStream(_context, _modules);
            _ = StandInLibrary.TakeCalls();
        }

        public Tensor X { get; }

        public Tensor W { get; }

        public Tensor Y { get; }

        public Tensor Workspace { get; }

        public double[] XValues { get; }

        public double[] WValues { get; }

        public nint Stream => _stream.Value;

        public static Rig Open()
        {
            GpuUnderTest.Require();
            Assert.SkipUnless(GpuUnderTest.IsEmulated, "the stand-in computes on the host");
            _ = StandInLibrary.Path;
            return new Rig();
        }

        public OptionalLibrary Library(string name) => OptionalLibrary.Find(name, "RESTE_NO_VARIABLE", [StandInLibrary.Path], out _)!;

        public double[] Read(Tensor tensor) => _device.ReadReals(tensor);

        public double[] Convolution()
        {
            var y = new double[Geometry.Output.Count];
            var (g, at) = (Geometry, 0);
            for (int n = 0; n < g.N; n++)
                for (int p = 0; p < g.OH; p++)
                    for (int q = 0; q < g.OW; q++)
                        for (int o = 0; o < g.O; o++, at++)
                            for (int tap = 0; tap < g.K * g.K; tap++)
                            {
                                int row = p * g.Stride + tap / g.K - g.Padding, column = q * g.Stride + tap % g.K - g.Padding;
                                if (row < 0 || row >= g.H || column < 0 || column >= g.W)
                                    continue;
                                for (int i = 0; i < g.I; i++)
                                    y[at] += XValues[((n * g.H + row) * g.W + column) * g.I + i] * WValues[(o * g.K * g.K + tap) * g.I + i];
                            }
            return y;
        }

        public void Dispose()
        {
            _stream.Dispose();
            _modules.Dispose();
            _context.Dispose();
            _slab.Dispose();
            _device.Dispose();
        }
    }
}
