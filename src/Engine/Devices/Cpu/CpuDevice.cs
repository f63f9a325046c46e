using System.Globalization;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>The processor this runs on, with the widest vectors it has. The number of threads changes no result.</summary>
public sealed class CpuDevice : HostMemoryDevice
{
    private readonly CpuThreads _threads;
    private bool _disposed;

    /// <summary>
    /// A device with a number of threads, the calling one among them; 0 for one a processor. They end with <see cref="Dispose"/>.
    /// </summary>
    public CpuDevice(int threads = 0)
        : this(threads, VectorWidth.Widest)
    {
    }

    /// <summary>A device that uses vectors of 512, 256, 128 or 32 bits; for tests.</summary>
    internal CpuDevice(int threads, int vectorBits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        _threads = new CpuThreads(threads == 0 ? Environment.ProcessorCount : threads);
        Kernels = KernelsOf(vectorBits, _threads);
        string vectors = vectorBits == 32 ? "no vectors" : string.Create(CultureInfo.InvariantCulture, $"{vectorBits}-bit vectors");
        Description = string.Create(CultureInfo.InvariantCulture,
            $"cpu: {_threads.Count} {(_threads.Count == 1 ? "thread" : "threads")}, {vectors}");
    }

    /// <inheritdoc/>
    public override string Name => "cpu";

    /// <inheritdoc/>
    public override string Description { get; }

    /// <summary>Threads that share the work.</summary>
    public int Threads => _threads.Count;

    /// <inheritdoc/>
    internal override ElementType Real => ElementType.Float32;

    /// <inheritdoc/>
    internal override IKernels Kernels { get; }

    internal override WorkTimer NewTimer() => new CpuTimer((ICpuRates)Kernels);

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _threads.Dispose();
    }

    // The one place where a width is chosen. Without vectors nothing is fused: that form is there to be read.
    private static IKernels KernelsOf(int vectorBits, CpuThreads threads) => vectorBits switch
    {
        512 => new FusedKernels<Simd512, BitSimd512, TableProduct, TableWeightGrad>(threads),
        256 => new FusedKernels<Simd256, BitSimd256, HalfTableProduct, HalfTableWeightGrad>(threads),
        128 => new FusedKernels<Simd128, BitSimd128, RealProduct<Simd128>, SignWeightGrad<Simd128>>(threads),
        32 => new CpuKernels<SimdScalar, BitSimdScalar, RealProduct<SimdScalar>, SignWeightGrad<SimdScalar>>(threads),
        _ => throw new ArgumentOutOfRangeException(nameof(vectorBits)),
    };
}
