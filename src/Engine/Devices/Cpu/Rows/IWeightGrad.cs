using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// How the weight gradient of a convolution is summed: images one after another into the partial sums of their slice, then the slices.
/// Every implementation has its own layout of a slice's partial sums.
/// </summary>
internal unsafe interface IWeightGrad
{
    /// <summary>Singles of a slice's partial sums.</summary>
    static abstract long PartialFloats(in ConvGeometry g);

    /// <summary>Singles of a worker's memory.</summary>
    static abstract long WorkerFloats(in ConvGeometry g);

    /// <summary>Begins a slice: makes its partial sums zero, and of the worker's memory what has to be.</summary>
    static abstract void Begin(in ConvGeometry g, float* partial, float* memory);

    /// <summary>Blocks of output channels whose sums can be taken by themselves.</summary>
    static virtual int Blocks(in ConvGeometry g) => 1;

    /// <summary>Images to add at once: several where they are small, so that sums are read and written less often.</summary>
    static virtual int Together(in ConvGeometry g) => 1;

    /// <summary>Adds some images to some blocks.</summary>
    /// <param name="g">Sizes.</param>
    /// <param name="images">What to add; <see cref="Together"/> images at most.</param>
    /// <param name="firstBlock">The first block.</param>
    /// <param name="endBlock">The one after the last.</param>
    /// <param name="partial">The slice's sums.</param>
    /// <param name="memory">The worker's.</param>
    static abstract void AddImages(in ConvGeometry g, in GradientImages images, int firstBlock, int endBlock, float* partial,
        float* memory);

    /// <summary>Adds the slices of some output channels and one tap into dw [O,K,K,I].</summary>
    static abstract void AddSlices(in ConvGeometry g, Range outputs, int tap, float* partials, int slices, float* dw, GradMode mode);

    /// <summary>Bytes of one image's operand.</summary>
    static abstract long ImageBytes(in ConvGeometry g);
}

/// <summary>Images for a weight gradient.</summary>
/// <param name="count">How many.</param>
/// <param name="x">
/// Their operands one after another, [H,W,I] reals or [H,W,words] signs, as an implementation has them.
/// </param>
/// <param name="dy">Their gradients [OH,OW,O].</param>
/// <param name="step">Singles from a gradient to the next one's.</param>
internal readonly unsafe struct GradientImages(int count, void* x, float* dy, long step)
{
    public int Count => count;

    public void* X => x;

    /// <summary>An image's.</summary>
    public float* Dy(int n) => dy + n * step;
}

/// <summary>One slice of images.</summary>
internal readonly unsafe struct WeightGradJob<TGrad> : IParallelJob where TGrad : unmanaged, IWeightGrad
{
    public required ConvGeometry Geometry { get; init; }

    /// <summary>Of images.</summary>
    public required Slices Slices { get; init; }

    /// <summary>[N,H,W,..].</summary>
    public required void* X { get; init; }

    /// <summary>[N,OH,OW,O]; null where each image's gradient is handed over by itself.</summary>
    public required float* Dy { get; init; }

    /// <summary>A slice's after another's.</summary>
    public required float* Partials { get; init; }

    /// <summary>A worker's after another's.</summary>
    public required float* Memory { get; init; }

    /// <summary>Bytes of the slices' partial sums and the workers' memory.</summary>
    public static long Bytes(in ConvGeometry g, int slices, int workers) =>
        sizeof(float) * (slices * TGrad.PartialFloats(g) + workers * TGrad.WorkerFloats(g));

    public void Run(int part, int worker)
    {
        Begin(part, worker);
        for (long n = Slices.Start(part); n < Slices.Start(part + 1); n++)
            AddImage(part, worker, n, Dy + n * Geometry.OH * Geometry.OW * Geometry.O);
    }

    /// <summary>Begins a slice on a worker.</summary>
    public void Begin(int part, int worker) => TGrad.Begin(Geometry, Partial(part), WorkerMemory(worker));

    /// <summary>Adds one image, its gradient [OH,OW,O] given.</summary>
    public void AddImage(int part, int worker, long image, float* dy) =>
        TGrad.AddImages(Geometry, new(1, Operand(image), dy, 0), 0, TGrad.Blocks(Geometry), Partial(part), WorkerMemory(worker));

    /// <summary>Adds all images to some blocks of the first slice; their gradients are <paramref name="step"/> singles apart.</summary>
    public void AddBlocks(int first, int end, int worker, float* dy, long step)
    {
        int together = TGrad.Together(Geometry);
        for (int n = 0; n < Geometry.N; n += together)
        {
            var images = new GradientImages(Math.Min(together, Geometry.N - n), Operand(n), dy + n * step, step);
            TGrad.AddImages(Geometry, images, first, end, Partials, WorkerMemory(worker));
        }
    }

    private void* Operand(long image) => (byte*)X + image * TGrad.ImageBytes(Geometry);

    /// <summary>The sums of a slice.</summary>
    public float* Partial(int part) => Partials + part * TGrad.PartialFloats(Geometry);

    /// <summary>What a worker has to itself.</summary>
    public float* WorkerMemory(int worker) => Memory + worker * TGrad.WorkerFloats(Geometry);
}

/// <summary>One tap of some output channels: adds the slices. Taps come one after another, while what they share is in the cache.</summary>
internal readonly unsafe struct WeightGradSumJob<TGrad> : IParallelJob where TGrad : unmanaged, IWeightGrad
{
    // A vector of them, at most.
    private const int Outputs = 16;

    public required ConvGeometry Geometry { get; init; }

    public required float* Partials { get; init; }

    public required int Slices { get; init; }

    /// <summary>[O,K,K,I].</summary>
    public required float* Dw { get; init; }

    public required GradMode Mode { get; init; }

    public static int Parts(in ConvGeometry g) => (g.O + Outputs - 1) / Outputs * g.K * g.K;

    public void Run(int part, int worker)
    {
        int taps = Geometry.K * Geometry.K, first = part / taps * Outputs;
        TGrad.AddSlices(Geometry, first..Math.Min(first + Outputs, Geometry.O), part % taps, Partials, Slices, Dw, Mode);
    }
}
