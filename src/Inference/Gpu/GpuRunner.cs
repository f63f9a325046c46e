using System.Globalization;
using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Inference;
using ReSTE.Native.Packed;
using ReSTE.Native.Running;

namespace ReSTE.Native.Gpu;

/// <summary>Which GPU, and how.</summary>
/// <param name="Ordinal">The driver's number of it.</param>
/// <param name="Batch">Images that go together at most; 0 for a number that suits.</param>
/// <param name="KernelFolder">A folder of kernel images; null for the embedded ones.</param>
internal readonly record struct GpuChoice(int Ordinal, int Batch, string? KernelFolder = null)
{
    /// <summary>Leaves tensor cores alone; for tests.</summary>
    public bool IsPlain { get; init; }

    /// <summary>How tensor cores multiply signs, null for the GPU's own way; for tests.</summary>
    public SignForm? Form { get; init; }

    /// <summary>Gives each value and constant memory of its own, so that a sanitizer sees what leaves it; for tests.</summary>
    public bool IsApart { get; init; }
}

/// <summary>
/// Runs images on an NVIDIA GPU. Calls take turns; of one call a batch is copied while another is computed.
/// </summary>
internal sealed unsafe class GpuRunner : ImageRunner
{
    private const int UsualBatch = 256;
    private const long UsualBytes = 1 << 28;

    private readonly GpuProgram _program;
    private readonly CudaContext _context;
    private readonly KernelModules _modules;
    private readonly GpuLane?[] _lanes = new GpuLane?[2];
    private readonly Lock _gate = new();
    private readonly GpuBlocks? _constants;
    private readonly int _batch;

    private GpuRunner(PackedNetwork network, in GpuChoice choice)
    {
        _context = new CudaContext(choice.Ordinal);
        try
        {
            CudaDeviceInfo info = _context.Info;
            _modules = new KernelModules(_context,
                choice.KernelFolder is { } folder ? KernelImages.FromFolder(folder) : KernelImages.Embedded);
            var build = new GpuBuild(_modules, info, choice.IsPlain ? null : choice.Form ?? info.SignForm, choice.IsApart);
            _program = GpuProgram.Of(network, build);
            _batch = choice.Batch > 0 ? choice.Batch : (int)Math.Clamp(UsualBytes / _program.Values.Bytes, 1, UsualBatch);
            // Which bounds the bytes of images and scores, too.
            if ((long)_batch * Math.Max(_program.MostElements, sizeof(float) * _program.Classes) > int.MaxValue)
                throw new InvalidOperationException($"{_batch} images at a time have more numbers than kernels can count");
            Description = string.Create(CultureInfo.InvariantCulture,
                $"cuda:{info.Ordinal}: {info.Place}, compute capability {info.Capability}, {_batch} images at a time");
            _constants = new GpuBlocks(_context, build.Constants.Parts, 1, choice.IsApart, "weights");
            using (var stream = new CudaStream(_context, _modules))
            {
                foreach (MemoryPart part in build.Constants.Parts)
                    stream.Upload(_constants[part.Start], build.Constants.Bytes.Slice((int)part.Start, (int)part.Bytes));
            }

            build.Constants.Release();
            _lanes[0] = NewLane();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override string Description { get; } = "";

    /// <summary>One clause that says why a GPU cannot be used; null where it can.</summary>
    public static string? WhyNot(int ordinal) => CudaDevices.Probe().WhyNot(ordinal)
        ?? (KernelImages.Embedded.Names().Count == 0 ? $"there are no kernels to run: {KernelImages.Embedded.Describe()}" : null);

    /// <summary>Opens it. Throws <see cref="GpuException"/> for whatever the GPU, its driver or its kernels lack.</summary>
    public static GpuRunner Open(PackedNetwork network, in GpuChoice choice)
    {
        try
        {
            return new GpuRunner(network, choice);
        }
        catch (Exception problem) when (IsOfGpu(problem))
        {
            throw new GpuException(problem);
        }
    }

    public override void Run(byte* images, int count, float* scores, int* labels)
    {
        lock (_gate)
        {
            try
            {
                RunBatches(images, count, scores, labels);
            }
            catch (Exception problem)
            {
                foreach (GpuLane? lane in _lanes)
                    lane?.Forget();
                if (IsOfGpu(problem))
                    throw new GpuException(problem);
                throw;
            }
        }
    }

    public override void Dispose()
    {
        foreach (GpuLane? lane in _lanes)
            lane?.Dispose();
        _constants?.Dispose();
        _modules?.Dispose();
        _context.Dispose();
    }

    private GpuLane NewLane() => new(_program, _context, _modules, _constants!, _batch);

    // What the bindings throw: a call that failed, a GPU or kernels that are not there, a driver that lacks a function.
    private static bool IsOfGpu(Exception problem) => problem is CudaException or InvalidOperationException or EntryPointNotFoundException;

    private void RunBatches(byte* images, int count, float* scores, int* labels)
    {
        for (int first = 0, turn = 0; first < count; first += _batch, turn = 1 - turn)
        {
            GpuLane lane = _lanes[turn] ??= NewLane();
            lane.Start(images + (long)first * _program.ImageBytes, Math.Min(_batch, count - first),
                scores == null ? null : scores + (long)first * _program.Classes, labels == null ? null : labels + first);
        }

        foreach (GpuLane? lane in _lanes)
            lane?.Finish();
    }
}
