using System.Globalization;
using System.Runtime.CompilerServices;
using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>The struct <c>SignLayer</c> of the kernels: a layer of the launch, and its blocks in the grid.</summary>
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

/// <summary>The binary weights of all layers, in one launch forward and two backward for every 32 of them.</summary>
internal sealed partial class CudaKernels : ISignLayers
{
    // Weights that are worth a block, or words of signs.
    private const uint WeightsOfALayerBlock = 1024, WordsOfALayerBlock = 32;

    public bool TakesLayersTogether => !forms.Plain;

    public void BinarizeWeights(IReadOnlyList<SignLayer> layers)
    {
        foreach (SignLayer[] some in layers.Chunk(SignLayersArgument.Most))
        {
            SignLayersArgument table = Table(some, layer => Blocks(Count(layer.Signs), WordsOfALayerBlock), out Grid grid);
            Launch(new SignLayers(table, common.LayerPartial, common.Tickets, (uint)some.Length), grid);
        }
    }

    public void BinarizeWeightsBackward(IReadOnlyList<SignLayer> layers, bool attached, SlopeKind slope, Tensor slopeParameters)
    {
        foreach (SignLayer[] some in layers.Where(l => l.Mode != GradMode.None).Chunk(SignLayersArgument.Most))
        {
            bool shares = attached && some[0].Scale != null;
            Ptr<float> means = shares ? common.Shares : default;
            if (shares || some.Any(l => l.Slices > 1))
            {
                int parts = (int)Constant<SignLayersGradient>("sign_layers_parts");
                SignLayersArgument sums = Table(some, layer => Blocks((long)Count(layer.W) * Math.Min(layer.Slices, parts),
                    WeightsOfALayerBlock), out Grid blocks);
                Launch(new SignLayersGradient(sums, common.LayerPartial, common.Tickets, means, (uint)some.Length), blocks);
            }

            SignLayersArgument table = Table(some, layer => Blocks(Count(layer.W), WeightsOfALayerBlock), out Grid grid);
            Launch(new SignLayersBackward(table, means, Reals(slopeParameters), (uint)some.Length, (uint)slope.Number), grid);
        }
    }

    /// <summary>The layers with their blocks, side by side.</summary>
    private SignLayersArgument Table(SignLayer[] layers, Func<SignLayer, uint> blocksOf, out Grid grid)
    {
        var table = new SignLayersArgument();
        uint first = 0;
        for (int i = 0; i < layers.Length; i++)
        {
            SignLayer l = layers[i];
            uint blocks = Math.Min(blocksOf(l), CudaCommonMemory.MostLayerBlocks);
            table[i] = new(Reals(l.W), Words(l.Signs), RealsOrNull(l.Scale), RealsOrNull(l.DSigns), RealsOrNull(l.Dw), Count(l.W),
                Channels(l.W), l.DSigns == null ? 0u : (uint)l.Slices, (uint)l.Mode, first, blocks);
            first += blocks;
        }

        grid = new Grid(first);
        return table;
    }
}
