namespace ReSTE.Native.Devices.Cuda;

/// <summary>Sizes of a convolution's tensors, in elements.</summary>
internal readonly record struct ConvElements(ConvGeometryArgument G)
{
    public long Dy => Y;
    public long Y => (long)G.N * G.Oh * G.Ow * G.O;
    public long X => (long)G.N * G.H * G.W * G.I;

    /// <summary>Of x, what some tap reads: with a stride above the filter's size there are pixels that none does.</summary>
    public long XRead => PixelsRead * G.I;
    public long XWordsRead => PixelsRead * Words(G.I);
    public long W => (long)G.O * G.K * G.K * G.I;
    public long WWords => (long)G.O * G.K * G.K * Words(G.I);

    /// <summary>Multiply-adds, the same forward and for either gradient.</summary>
    public long Products => G.ToGeometry().Products;

    private long PixelsRead => G.N * Read(G.H, G.Oh) * Read(G.W, G.Ow);

    private long Read(uint size, uint windows) => Math.Min(size, (long)windows * Math.Min(G.K, G.Stride) + (G.K - Math.Min(G.K, G.Stride)));

    private static long Words(uint channels) => Tensors.Bits.Words((int)channels);
}

internal static partial class KernelWork
{
    private static LaunchWork? Convolution(IKernelArgs args, Grid grid) => args switch
    {
        Conv a => RealForward(a.G),
        ConvMma32 a => RealForward(a.G),
        ConvMma64 a => RealForward(a.G),
        ConvTf32Narrow a => RealForward(a.G),
        ConvTf32Wide a => RealForward(a.G),
        ImageConv a => ImageForward(a, grid),
        SignConv a => SignForward(a.G),
        SignConvMma32 a => SignForward(a.G),
        SignConvMma64 a => SignForward(a.G),
        BinaryConv a => BitForward(a.G),
        BinaryConvMma a => BitForward(a.G),
        BinaryConvMmaXor a => BitForward(a.G),
        BinaryConvMmaInt8 a => BitForward(a.G),
        ConvInputGrad a => RealInputGrad(a.G, a.Mode),
        ConvInputGradMma32 a => RealInputGrad(a.G, a.Mode),
        ConvInputGradMma64 a => RealInputGrad(a.G, a.Mode),
        ConvInputGradTf32Narrow a => RealInputGrad(a.G, a.Mode),
        ConvInputGradTf32Wide a => RealInputGrad(a.G, a.Mode),
        BinaryConvInputGrad a => SignInputGrad(a.G, a.Mode),
        BinaryConvInputGradMma16 a => SignInputGrad(a.G, a.Mode),
        BinaryConvInputGradMma32 a => SignInputGrad(a.G, a.Mode),
        BinaryConvInputGradMma64 a => SignInputGrad(a.G, a.Mode),
        ConvWeightGrad a => RealWeightGrad(a.G, grid),
        ConvWeightGradMma32 a => RealWeightGrad(a.G, grid),
        ConvWeightGradMma64 a => RealWeightGrad(a.G, grid),
        ConvWeightGradTf32Narrow a => RealWeightGrad(a.G, grid),
        ConvWeightGradTf32Wide a => RealWeightGrad(a.G, grid),
        ImageConvWeightGrad a => RealWeightGrad(a.G, new(1, 1, grid.X)),
        ConvWeightGradOfNorm a => OfNorm(RealWeightGrad(a.G, grid), a.G, a.Gamma),
        ImageConvWeightGradOfNorm a => OfNorm(RealWeightGrad(a.G, new(1, 1, grid.X)), a.G, a.Gamma),
        BinaryConvWeightGrad a => SignWeightGrad(a.G, grid),
        BinaryConvWeightGradMma16 a => SignWeightGrad(a.G, grid),
        BinaryConvWeightGradMma32 a => SignWeightGrad(a.G, grid),
        SliceSum a => new(Reals((long)a.Slices * a.Count, Written(a.Count, a.Mode))),
        _ => null,
    };

    /// <summary>The convolution that a launch computes forward; null for others.</summary>
    public static Operations.ConvGeometry? Forward(IKernelArgs args) => args switch
    {
        Conv a => a.G.ToGeometry(),
        ImageConv a => a.G.ToGeometry(),
        ConvMma32 a => a.G.ToGeometry(),
        ConvMma64 a => a.G.ToGeometry(),
        ConvTf32Narrow a => a.G.ToGeometry(),
        ConvTf32Wide a => a.G.ToGeometry(),
        SignConv a => a.G.ToGeometry(),
        SignConvMma32 a => a.G.ToGeometry(),
        SignConvMma64 a => a.G.ToGeometry(),
        BinaryConv a => a.G.ToGeometry(),
        BinaryConvMma a => a.G.ToGeometry(),
        BinaryConvMmaXor a => a.G.ToGeometry(),
        BinaryConvMmaInt8 a => a.G.ToGeometry(),
        UnitConvMma a => a.G.ToGeometry(),
        UnitConvMmaXor a => a.G.ToGeometry(),
        UnitConvMmaInt8 a => a.G.ToGeometry(),
        UnitNextMma a => a.G.ToGeometry(),
        UnitNextMmaXor a => a.G.ToGeometry(),
        UnitNextMmaInt8 a => a.G.ToGeometry(),
        LinearLoss a => new((int)a.N, 1, 1, (int)a.I, (int)a.O, 1, 1, 0),
        Linear a => new((int)a.N, 1, 1, (int)a.I, (int)a.O, 1, 1, 0),
        _ => null,
    };

    // With the statistics of y, where a batch norm wants them.
    private static LaunchWork ImageForward(ImageConv a, Grid grid)
    {
        LaunchWork conv = Forward(a.G, s => s.XRead + s.W);
        long statistics = Reals(2 * a.G.O, 2 * 2 * a.G.O) + SliceSums(grid.X, a.G.O);
        return new(conv.Bytes + If(a.Partial, statistics), Real: new ConvElements(a.G).Products);
    }

    // Reals and words of bits both take four bytes.
    private static LaunchWork Forward(ConvGeometryArgument g, Func<ConvElements, long> read)
    {
        var s = new ConvElements(g);
        return new(Reals(read(s), s.Y));
    }

    private static LaunchWork RealForward(ConvGeometryArgument g) =>
        Forward(g, s => s.XRead + s.W) with { Real = new ConvElements(g).Products };

    private static LaunchWork SignForward(ConvGeometryArgument g) =>
        Forward(g, s => s.XRead + s.WWords + 1) with { Sign = new ConvElements(g).Products };

    private static LaunchWork BitForward(ConvGeometryArgument g) =>
        Forward(g, s => s.XWordsRead + s.WWords + 1) with { Bits = new ConvElements(g).Products };

    // Also reads what the batch norm took, and a channel's gamma, statistics and gradients.
    private static LaunchWork OfNorm(LaunchWork plain, ConvGeometryArgument g, Ptr<float> gamma) =>
        plain with { Bytes = plain.Bytes + Reals(new ConvElements(g).Y, 4 * g.O, If(gamma, g.O)) };

    private static LaunchWork InputGrad(ConvGeometryArgument g, uint mode, Func<ConvElements, long> read)
    {
        var s = new ConvElements(g);
        return new(Reals(s.Dy, read(s), Written(s.X, mode)));
    }

    private static LaunchWork RealInputGrad(ConvGeometryArgument g, uint mode) =>
        InputGrad(g, mode, s => s.W) with { Real = new ConvElements(g).Products };

    // The slope is taken at x, and has four parameters.
    private static LaunchWork SignInputGrad(ConvGeometryArgument g, uint mode) =>
        InputGrad(g, mode, s => s.WWords + s.X + 1 + 4) with { Sign = new ConvElements(g).Products };

    // Every slice leaves sums of its own.
    private static LaunchWork WeightGrad(ConvGeometryArgument g, Grid grid, Func<ConvElements, long> read)
    {
        var s = new ConvElements(g);
        return new(Reals(s.Dy, read(s), grid.Z * s.W));
    }

    private static LaunchWork RealWeightGrad(ConvGeometryArgument g, Grid grid) =>
        WeightGrad(g, grid, s => s.XRead) with { Real = new ConvElements(g).Products };

    private static LaunchWork SignWeightGrad(ConvGeometryArgument g, Grid grid) =>
        WeightGrad(g, grid, s => s.XWordsRead) with { Sign = new ConvElements(g).Products };
}
