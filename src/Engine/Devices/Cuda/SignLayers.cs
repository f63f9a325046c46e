using System.Globalization;
using System.Runtime.CompilerServices;
using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// The struct <c>SignLayer</c> of the kernels: a layer of the launch, and its blocks in the grid. A real layer has slices and Dw alone.
/// </summary>
internal readonly record struct SignLayerArgument(Ptr<float> W, Ptr<uint> Signs, Ptr<float> Scale, Ptr<float> DwHat, Ptr<float> Dw,
    uint Count, uint Channels, uint Slices, uint Mode, uint FirstBlock, uint Blocks);

/// <summary>The struct <c>SignLayers</c> of the kernels, one parameter by value.</summary>
[InlineArray(Most)]
internal struct SignLayersArgument
{
    /// <summary>Layers of a launch at most.</summary>
    public const int Most = 32;

    private SignLayerArgument _first;

    /// <summary>The sizes of the layers, for messages.</summary>
    public override readonly string ToString()
    {
        var sizes = new List<string>();
        foreach (SignLayerArgument layer in this)
        {
            if (layer.Count > 0)
                sizes.Add(string.Create(CultureInfo.InvariantCulture, $"{layer.Count} of {layer.Channels} in {layer.Slices}"));
        }

        return $"[{string.Join(", ", sizes)}]";
    }
}

/// <summary>Arguments of <c>sign_layers</c>.</summary>
internal readonly record struct SignLayers(SignLayersArgument Layers, Ptr<double> Partial, Ptr<uint> Tickets, uint Count) : IKernelArgs;

/// <summary>Arguments of <c>sign_layers_gradient</c>.</summary>
internal readonly record struct SignLayersGradient(SignLayersArgument Layers, Ptr<double> Partial, Ptr<uint> Tickets, Ptr<float> Shares,
    uint Count) : IKernelArgs;

/// <summary>Arguments of <c>sign_layers_backward</c>.</summary>
internal readonly record struct SignLayersBackward(SignLayersArgument Layers, Ptr<float> Shares, Ptr<float> SlopeParameters, uint Count,
    uint SlopeKind) : IKernelArgs;

/// <summary>Arguments of <c>sign_layers_sgd_step</c>.</summary>
internal readonly record struct SignLayersSgdStep(SignLayersArgument Layers, Ptr<float> Shares, Ptr<float> SlopeParameters,
    Ptr<float> Knobs, Ptr<float> Dw, Ptr<float> W, Ptr<float> Momentum, uint Count, uint SlopeKind, uint First, uint All) : IKernelArgs;

/// <summary>The binary weights of all layers, in one launch forward and two backward for every 32 of them.</summary>
internal sealed partial class CudaKernels : ISignLayers
{
    // Weights that are worth a block, or words of signs.
    private const uint WeightsOfALayerBlock = 1024, WordsOfALayerBlock = 32;

    public bool TakesLayersTogether => !forms.Plain;

    public void BinarizeWeights(IReadOnlyList<SignLayer> layers)
    {
        foreach (SignLayerArgument[] some in layers.Select(Entry).Chunk(SignLayersArgument.Most))
        {
            SignLayersArgument table = Table(some, layer => Blocks(SignWords(layer), WordsOfALayerBlock), out Grid grid);
            Launch(new SignLayers(table, common.LayerPartial, common.Tickets, (uint)some.Length), grid);
        }
    }

    // The binary layers come first: each has its share of the sums where the second launch looks for it.
    public void BinarizeWeightsBackward(IReadOnlyList<SignLayer> layers, IReadOnlyList<SlicedGradient> others, bool attached,
        SlopeKind slope, Tensor slopeParameters)
    {
        SignLayerArgument[] all = [.. layers.Where(l => l.Mode != GradMode.None).Select(Entry), .. others.Select(Entry)];
        foreach (SignLayerArgument[] some in all.Chunk(SignLayersArgument.Most))
        {
            Ptr<float> means = SumLayers(some, attached);
            SignLayerArgument[] binary = [.. some.TakeWhile(IsBinary)];
            if (binary.Length == 0)
                continue;
            SignLayersArgument table = Table(binary, layer => Blocks(layer.Count, WeightsOfALayerBlock), out Grid grid);
            Launch(new SignLayersBackward(table, means, Reals(slopeParameters), (uint)binary.Length, (uint)slope.Number), grid);
        }
    }

    public bool StepsLayers(int layers) => TakesLayersTogether && layers <= SignLayersArgument.Most;

    public void SumWeightGradients(IReadOnlyList<SignLayer> layers, IReadOnlyList<SlicedGradient> others, bool attached) =>
        SumLayers([.. layers.Select(Entry), .. others.Select(Entry)], attached);

    public void SignLayersSgdStep(IReadOnlyList<SignLayer> layers, bool attached, SlopeKind slope, Tensor slopeParameters, Tensor w,
        Tensor dw, Tensor momentum, Tensor knobs, int binary)
    {
        SignLayerArgument[] all = [.. layers.Select(Entry)];
        SignLayersArgument table = Table(all, layer => Blocks(layer.Count, WeightsOfALayerBlock), out Grid grid);
        uint others = Blocks(Count(w) - (long)binary, BlockOf<SignLayersSgdStep>());
        Launch(new SignLayersSgdStep(table, MeansOf(all, attached), Reals(slopeParameters), Reals(knobs), Reals(dw), Reals(w),
            Reals(momentum), (uint)all.Length, (uint)slope.Number, (uint)binary, Count(w)), new Grid(grid.X + others));
    }

    private Ptr<float> MeansOf(SignLayerArgument[] layers, bool attached) =>
        attached && layers.Any(l => l.Scale.Address != 0) ? common.Shares : default;

    // Returns where the layers' shares are; null where there are none.
    private Ptr<float> SumLayers(SignLayerArgument[] layers, bool attached)
    {
        Ptr<float> means = MeansOf(layers, attached);
        if (means.Address == 0 && layers.All(l => l.Slices <= 1 && IsBinary(l)))
            return means;
        // A block has no more than its threads take at once: what they wait for is memory.
        uint atOnce = BlockOf<SignLayersGradient>();
        SignLayersArgument sums = Table(layers, layer => Blocks((long)layer.Count * PartsOf(layer.Slices), atOnce), out Grid blocks);
        Launch(new SignLayersGradient(sums, common.LayerPartial, common.Tickets, means, (uint)layers.Length), blocks);
        return means;
    }

    // As the kernel has it.
    private uint PartsOf(uint slices)
    {
        uint parts = 1, most = Constant<SignLayersGradient>("sign_layers_parts"), ahead = Constant<SignLayersGradient>("sign_layers_ahead");
        while (parts * ahead < slices && parts < most)
            parts *= 2;
        return parts;
    }

    private static SignLayerArgument Entry(SignLayer l) => new(Reals(l.W), Words(l.Signs), RealsOrNull(l.Scale), RealsOrNull(l.DSigns),
        RealsOrNull(l.Dw), Count(l.W), Channels(l.W), l.DSigns == null ? 0u : (uint)l.Slices, (uint)l.Mode, 0, 0);

    private static SignLayerArgument Entry(SlicedGradient g) => new(default, default, default, Reals(g.Slices), Reals(g.Dw), Count(g.Dw),
        Channels(g.Dw), (uint)g.Count, (uint)GradMode.Write, 0, 0);

    private static bool IsBinary(SignLayerArgument layer) => layer.W.Address != 0;

    private static long SignWords(SignLayerArgument layer) => layer.Count / layer.Channels * Bits.Words((int)layer.Channels);

    /// <summary>The layers with their blocks, side by side.</summary>
    private static SignLayersArgument Table(SignLayerArgument[] layers, Func<SignLayerArgument, uint> blocksOf, out Grid grid)
    {
        var table = new SignLayersArgument();
        uint first = 0;
        for (int i = 0; i < layers.Length; i++)
        {
            uint blocks = Math.Min(blocksOf(layers[i]), CudaCommonMemory.MostLayerBlocks);
            table[i] = layers[i] with { FirstBlock = first, Blocks = blocks };
            first += blocks;
        }

        grid = new Grid(first);
        return table;
    }
}
