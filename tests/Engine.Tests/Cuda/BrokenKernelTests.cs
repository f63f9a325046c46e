using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Engine.Tests.Cuda.Driver;
using ReSTE.Native.Engine.Tests.Operations;
using ReSTE.Native.Tensors;
using Xunit.Sdk;

namespace ReSTE.Native.Engine.Tests.Cuda;

/// <summary>
/// The harness catches what it is there to catch: kernels with one known fault each fail in it, and their sound twins do not. An index
/// outside a buffer that is only read takes AddressSanitizer, and a process of its own: see <see cref="Off_by_one_read"/>.
/// </summary>
[Trait("Category", "Device")]
public sealed class BrokenKernelTests
{
    private const int Seed = 40, Count = 300, Block = 128;

    [Fact]
    public void Sound_kernels_pass()
    {
        RequireEmulator();
        CompareScale((x, y) => new SoundScale(x, y, Count));
        CompareSums((x, y) => new SoundBlockSum(x, y, Count));
    }

    [Fact]
    public void A_missing_barrier_gives_other_numbers_in_another_order()
    {
        RequireEmulator();
        Assert.ThrowsAny<XunitException>(() => CompareSums((x, y) => new BrokenMissingBarrier(x, y, Count)));
    }

    [Fact]
    public void A_write_past_the_end_hits_the_guard()
    {
        RequireEmulator();
        string message = Assert.Throws<InvalidOperationException>(() =>
            CompareScale((x, y) => new BrokenOffByOneWrite(x, y, Count))).Message;
        Assert.Contains("y Float32[300]: written past", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unwritten_tail_stays_poisoned()
    {
        RequireEmulator();
        string message = Assert.ThrowsAny<XunitException>(() => CompareScale((x, y) => new BrokenUnwrittenTail(x, y, Count))).Message;
        Assert.Contains("y Float32[300] at 256", message, StringComparison.Ordinal);
        Assert.Contains("actual NaN", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Swapped_pointers_leave_the_output_poisoned()
    {
        RequireEmulator();
        Assert.ThrowsAny<XunitException>(() => CompareScale((x, y) => new BrokenSwappedPointers(x, y, Count)));
    }

    [Fact]
    public void Swapped_pointers_disagree_with_the_source() => Assert.ThrowsAny<XunitException>(() =>
        SignatureTests.AssertAgrees(typeof(BrokenSwappedPointers), KernelSources.Broken("broken_swapped_pointers")));

    // A failed launch spoils the process's context for good.
    [Fact]
    public void A_barrier_that_some_threads_never_reach_is_an_error()
    {
        RequireEmulator();
        ChildProcess.Run($"{typeof(BrokenKernelTests).FullName}.{nameof(Divergent_barrier)}");
    }

    [Fact(Explicit = true)]
    public void Divergent_barrier()
    {
        string message = Assert.Throws<CudaException>(() => CompareScale((x, y) => new BrokenDivergentBarrier(x, y, Count))).Message;
        Assert.Contains("CUDA_ERROR_LAUNCH_FAILED", message, StringComparison.Ordinal);
        Assert.Contains("broken_divergent_barrier", message, StringComparison.Ordinal);
    }

    /// <summary>Passes but for AddressSanitizer, which ends the process: build/sanitize.sh runs it and demands that.</summary>
    [Fact(Explicit = true)]
    public void Off_by_one_read()
    {
        using CudaDevice device = GpuUnderTest.Open(synchronous: true);
        using var slab = new Slab(device);
        using var other = new Slab(device);
        Tensor x = slab.Place(device.NewTensor("x", new Shape(256))), y = other.Place(device.NewTensor("y", new Shape(256)));
        slab.Commit();
        other.Commit();
        ((CudaKernels)device.Kernels).Launch(new BrokenOffByOneRead(new(x.Address), new(y.Address), 256), new Grid(2));
        device.Synchronize();
    }

    private static void RequireEmulator()
    {
        GpuUnderTest.Require();
        Assert.SkipUnless(GpuUnderTest.IsEmulated, "broken kernels are not run on a real GPU");
    }

    private static void CompareScale<TArgs>(Func<Ptr<float>, Ptr<float>, TArgs> args) where TArgs : unmanaged, IKernelArgs =>
        Compare(args, Count, x => [.. x.Select(v => 2 * v)]);

    private static void CompareSums<TArgs>(Func<Ptr<float>, Ptr<float>, TArgs> args) where TArgs : unmanaged, IKernelArgs =>
        Compare(args, (Count + Block - 1) / Block, x => [.. x.Chunk(Block).Select(part => part.Sum())]);

    private static void Compare<TArgs>(Func<Ptr<float>, Ptr<float>, TArgs> args, int outputs, Func<double[], double[]> definition)
        where TArgs : unmanaged, IKernelArgs => Comparison.RunOnCuda(Seed, bench =>
        {
            Tensor x = bench.Input("x", new Shape(Count)), y = bench.Output("y", new Shape(outputs), Tolerances.Sum(Block));
            return kernels =>
            {
                if (kernels is CudaKernels cuda)
                    cuda.Launch(args(new(x.Address), new(y.Address)), new Grid((Count + Block - 1) / Block));
                else
                    bench.Device.WriteReals(y, definition(bench.Device.ReadReals(x)));
            };
        });
}
