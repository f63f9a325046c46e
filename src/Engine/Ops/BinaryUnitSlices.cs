using System.Diagnostics.CodeAnalysis;
using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>The slices in which a unit leaves the gradient of its weights, where the device adds them up elsewhere.</summary>
internal sealed class BinaryUnitSlices
{
    private readonly IBinaryUnit _kernels;
    private readonly Tape _tape;
    private readonly string _name;
    private readonly ConvGeometry _geometry;
    private readonly SignLayer? _layer;

    /// <param name="tape">Where the unit is recorded.</param>
    /// <param name="kernels">What computes it.</param>
    /// <param name="name">Of the convolution.</param>
    /// <param name="g">Its sizes.</param>
    /// <param name="layer">Its weights, where the device takes those of all layers together, and adds up slices of their gradient.</param>
    public BinaryUnitSlices(Tape tape, IBinaryUnit kernels, string name, in ConvGeometry g, SignLayer? layer)
    {
        (_tape, _kernels, _name, _geometry, _layer) = (tape, kernels, name, g, layer);
        if (!tape.Training)
            return;
        if (layer?.DSigns != null)
            throw new InvalidOperationException($"{layer.W.Name} serves one layer only");
        if (layer != null && kernels.WeightGradSlices(g) is > 0 and var slices)
            Leave(slices);
    }

    /// <summary>What the unit leaves; null where it gives the sum.</summary>
    public Tensor? Tensor { get; private set; }

    /// <summary>What finds the weights' gradient with those of other units; null where the unit itself does.</summary>
    public IBinaryUnitWeightGrads? Gathers =>
        Tensor != null && _kernels is IBinaryUnitWeightGrads kernels && kernels.GathersWeightGrad(_geometry) ? kernels : null;

    /// <summary>Leaves the weights' gradient in a number of slices.</summary>
    [MemberNotNull(nameof(Tensor))]
    public void Leave(int slices) => _layer!.DSigns = Tensor =
        _tape.NewTensor("d " + _name + ".slices", new Shape(slices, _geometry.O, _geometry.K * _geometry.K * _geometry.I));
}
