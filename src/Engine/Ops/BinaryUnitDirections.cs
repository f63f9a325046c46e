using System.Diagnostics.CodeAnalysis;
using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>The unit forward: the device's fused operation, or the single ones where it has none.</summary>
internal sealed class BinaryUnitForward
{
    private readonly IBinaryUnitForward? _fused;
    private readonly Tensor? _conv, _norm;
    private readonly Tape _tape;

    public BinaryUnitForward(Tape tape, string name, in ConvGeometry g)
    {
        _tape = tape;
        IKernels kernels = tape.Device.Kernels;
        _fused = kernels as IBinaryUnitForward;
        if (_fused != null)
        {
            Fused = tape.NewScratch(name + ".forward_scratch", kernels.ScratchBytes(ScratchUse.BinaryUnitForward, g));
            return;
        }
        _conv = tape.NewScratch(name + ".forward_scratch", kernels.ScratchBytes(ScratchUse.BinaryConvForward, g));
        if (tape.Training)
            _norm = tape.NewScratch(name + ".norm_scratch", kernels.ScratchBytes(ScratchUse.BatchNormForward, g.Output));
    }

    /// <summary>Working memory of the fused operation.</summary>
    public Tensor? Fused { get; }

    /// <summary>All working memory.</summary>
    public IEnumerable<Tensor?> Scratch => [Fused, _conv, _norm];

    /// <summary>As <see cref="IBinaryUnitForward.TakesSecondHalf"/>.</summary>
    public bool TakesSecondHalf(in ConvGeometry g) => _fused?.TakesSecondHalf(g) == true;

    /// <summary>The tensor of the convolution.</summary>
    public Tensor NewConv(string name, in ConvGeometry g) => _tape.NewTensor(name, g.Output, _fused?.UnitConvType ?? _tape.Device.Real);

    public void Run(IKernels kernels, BinaryUnitArguments u)
    {
        if (_fused != null)
        {
            _fused.BinaryUnitForward(u);
            return;
        }
        kernels.BinaryConvForward(u.XSigns, u.WSigns, u.Scale, u.Geometry, u.Conv, _conv);
        if (u.Training)
        {
            kernels.BatchNormForward(u.Conv, rectify: true, u.Gamma, u.Beta, u.Shortcut, u.RunningMean, u.RunningVariance, u.Settings,
                u.Mean, u.InvStd, u.Y, _norm);
        }
        else
        {
            kernels.BatchNormEvaluate(u.Conv, rectify: true, u.Gamma, u.Beta, u.Shortcut, u.RunningMean, u.RunningVariance,
                u.Settings, u.Y);
        }
        kernels.SignPack(u.Y, u.YSigns);
    }
}

/// <summary>The unit backward: the device's fused operation, or the single ones where it has none.</summary>
internal sealed class BinaryUnitBackward
{
    private readonly IBinaryUnitBackward? _fused;
    private readonly Tensor? _gradient, _norm, _weights, _input;
    private readonly Tape _tape;
    private readonly string _name;
    private readonly ConvGeometry _geometry;
    private readonly SignLayer? _layer;

    /// <param name="tape">Where it is recorded.</param>
    /// <param name="name">Of the convolution.</param>
    /// <param name="g">Its sizes.</param>
    /// <param name="layer">Its weights, where the device takes those of all layers together, and adds up slices of their gradient.</param>
    public BinaryUnitBackward(Tape tape, string name, in ConvGeometry g, SignLayer? layer)
    {
        (_tape, _name, _geometry, _layer) = (tape, name, g, layer);
        IKernels kernels = tape.Device.Kernels;
        _fused = kernels as IBinaryUnitBackward;
        if (!tape.Training)
            return;
        if (_fused != null)
        {
            if (layer?.DSigns != null)
                throw new InvalidOperationException($"{layer.W.Name} serves one layer only");
            if (layer != null && _fused.WeightGradSlices(g) is > 0 and var slices)
                LeaveSlices(slices);
            ScratchUse use = Slices == null ? ScratchUse.BinaryUnitBackward : ScratchUse.BinaryUnitBackwardOfSlices;
            Fused = tape.NewScratch(name + ".backward_scratch", kernels.ScratchBytes(use, g));
            return;
        }
        _gradient = tape.NewTensor("d " + name, g.Output);
        _norm = tape.NewScratch(name + ".norm_grad_scratch", kernels.ScratchBytes(ScratchUse.BatchNormBackward, g.Output));
        _weights = tape.NewScratch(name + ".weight_grad_scratch", kernels.ScratchBytes(ScratchUse.BinaryConvWeightGrad, g));
        _input = tape.NewScratch(name + ".input_grad_scratch", kernels.ScratchBytes(ScratchUse.BinaryConvInputGrad, g));
    }

    /// <summary>Working memory of the fused operation.</summary>
    public Tensor? Fused { get; }

    /// <summary>As <see cref="IBinaryUnitBackward.LinksUnits"/>.</summary>
    public bool LinksUnits => _fused is { LinksUnits: true };

    /// <summary>What it leaves of the weights' gradient; null where it gives the sum.</summary>
    public Tensor? Slices { get; private set; }

    /// <summary>All working memory.</summary>
    public IEnumerable<Tensor?> Scratch => [Fused, _gradient, _norm, _weights, _input];

    /// <summary>What finds the weights' gradient with those of other units; null where the unit itself does.</summary>
    public IBinaryUnitWeightGrads? Gathers =>
        Slices != null && _fused is IBinaryUnitWeightGrads kernels && kernels.GathersWeightGrad(_geometry) ? kernels : null;

    /// <summary>Leaves the weights' gradient in a number of slices.</summary>
    [MemberNotNull(nameof(Slices))]
    public void LeaveSlices(int slices) => _layer!.DSigns = Slices =
        _tape.NewTensor("d " + _name + ".slices", new Shape(slices, _geometry.O, _geometry.K * _geometry.K * _geometry.I));

    public void Run(IKernels kernels, BinaryUnitArguments u)
    {
        if (_fused != null)
        {
            _fused.BinaryUnitBackward(u);
            return;
        }
        kernels.BatchNormBackward(u.Dy!, u.Conv, rectify: true, u.Gamma, u.Mean, u.InvStd, u.DGamma!, u.DBeta!, _gradient,
            GradMode.Write, _norm);
        kernels.BinaryConvWeightGrad(_gradient!, u.XSigns, u.Geometry, u.DSigns!, _weights);
        if (u.DxMode != GradMode.None)
        {
            kernels.BinaryConvInputGrad(_gradient!, u.WSigns, u.Scale, u.X, u.Slope, u.SlopeParameters, u.Geometry, u.Dx!,
                u.DxMode, _input);
        }
    }
}
