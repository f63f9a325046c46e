using System.Globalization;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>The processor this runs on, with the widest vectors it has. The number of threads changes no result.</summary>
public sealed class CpuDevice : HostMemoryDevice
{
    private readonly CpuThreads _threads;
    private bool _disposed;

    /// <summary>A device with so many threads, the calling one among them; 0 for one a processor. They end with <see cref="Dispose"/>.</summary>
    public CpuDevice(int threads = 0)
        : this(threads, Vector512.IsHardwareAccelerated && Avx512BW.IsSupported && Bmi2.X64.IsSupported ? 512 : Vector128.IsHardwareAccelerated ? 256 : 32)
    {
    }

    /// <summary>A device that uses vectors of so many bits: 512, 256 or 32; for tests.</summary>
    internal CpuDevice(int threads, int vectorBits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        _threads = new CpuThreads(threads == 0 ? Environment.ProcessorCount : threads);
        Kernels = vectorBits switch
        {
            512 => new Avx512Kernels(_threads),
            256 => new CpuKernels<Simd256>(_threads),
            32 => new CpuKernels<SimdScalar>(_threads),
            _ => throw new ArgumentOutOfRangeException(nameof(vectorBits)),
        };
        Description = string.Create(CultureInfo.InvariantCulture,
            $"cpu: {_threads.Count} {(_threads.Count == 1 ? "thread" : "threads")}, {(vectorBits == 32 ? "no vectors" : $"{vectorBits}-bit vectors")}");
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

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _threads.Dispose();
        ((IDisposable)Kernels).Dispose();
    }
}
