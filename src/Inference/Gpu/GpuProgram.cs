using ReSTE.Native.Packed;
using ReSTE.Native.Running;

namespace ReSTE.Native.Gpu;

/// <summary>A packed network as launches over one arena.</summary>
/// <param name="Steps">In order.</param>
/// <param name="Values">Memory of an image's values.</param>
/// <param name="MostElements">Elements of its largest value.</param>
/// <param name="Scores">Where the scores are.</param>
/// <param name="ImageBytes">Bytes of an image.</param>
/// <param name="Classes">Scores of an image.</param>
internal sealed record GpuProgram(GpuStep[] Steps, Arena Values, int MostElements, long Scores, int ImageBytes, int Classes)
{
    /// <summary>Builds it; its constants are the build's.</summary>
    public static GpuProgram Of(PackedNetwork network, GpuBuild gpu) => new GpuProgramBuilder(network, gpu).Build();
}

/// <summary>Turns layers into steps, and places their values.</summary>
internal sealed class GpuProgramBuilder(PackedNetwork network, GpuBuild gpu)
{
    private readonly Places _places = new(network, gpu.IsApart);
    private readonly List<GpuStep> _steps = [];

    public GpuProgram Build()
    {
        _places.Add(reals: true);
        _steps.Add(new ImageGpuStep(network.Input, gpu.Constants, _places.Reals(0)));
        AddSigns(0);
        for (int i = 0; i < network.Layers.Count; i++)
            Add(network.Layers[i], i + 1);
        return new GpuProgram([.. _steps], _places.Arena, Enumerable.Range(0, Values.Count).Max(value => Values[value].Count),
            _places.Reals(network.Layers.Count), network.Input.Bytes, network.Classes.Count);
    }

    private PackedValues Values => _places.Values;

    private void Add(PackedLayer layer, int value)
    {
        switch (layer)
        {
            case SignConv conv:
                Add(conv, value);
                break;
            case NormLayer l:
                _places.Add(reals: true);
                Finish(value, l.Activation, l.Norm, _places.Reals(l.Input), l.Added);
                break;
            case ActivationLayer l:
                _places.Add(reals: true);
                Finish(value, l.Activation, null, _places.Reals(l.Input), null);
                break;
            case FlattenLayer:
                _places.AddSame(layer.Input);
                AddSigns(value);
                break;
            default:
                _places.Add(reals: !Values.IsSigns(value));
                _steps.Add(StepOf(layer, value));
                AddSigns(value);
                break;
        }
    }

    private GpuStep StepOf(PackedLayer layer, int value)
    {
        ValueShape from = Values[layer.Input], to = Values[value];
        long x = _places.Reals(layer.Input), y = _places.Reals(value);
        return layer switch
        {
            RealConv l => new RealConvGpuStep(l.Conv, from, (l.Weights, null), gpu, (x, y)),
            PadLayer => new PadGpuStep(from, to, x, y),
            MaxPoolLayer l when Values.IsSigns(value) =>
                new MaxPoolGpuStep(l, from, ofSigns: true, _places.Signs(layer.Input), _places.Signs(value)),
            MaxPoolLayer l => new MaxPoolGpuStep(l, from, ofSigns: false, x, y),
            AveragePoolLayer l => new AveragePoolGpuStep(from, l.Size, x, y),
            LinearLayer l => new RealConvGpuStep(new(l.Bias.Length, 1, 1, 0), from, (l.Weights, l.Bias), gpu, (x, y)),
            _ => throw new PackedException($"{layer.Name}: no layer of this kind can be run"),
        };
    }

    private void Add(SignConv l, int value)
    {
        var (unit, rest) = l.Parted();
        _places.Add(reals: l.Result is CountNumbers && (rest != null || Values.NeedsReals(value)));
        var places = new ResultPlaces(_places.Added(unit.Adds), _places.Reals(value), rest == null ? _places.Signs(value) : -1);
        _steps.Add(new SignConvGpuStep(unit, Values[l.Input], gpu, _places.Signs(l.Input), places));
        if (rest != null)
            Finish(value, rest.Activation, rest.Norm, _places.Reals(value), rest.Added);
    }

    private void Finish(int value, PackedActivation activation, Normalisation? norm, long x, int? added) =>
        _steps.Add(new FinishGpuStep(Values[value], activation, norm, gpu.Constants, x,
            new ResultPlaces(_places.Added(added), _places.Reals(value), _places.Signs(value))));

    private void AddSigns(int value)
    {
        if (_places.HasSignsOfNumbers(value))
            _steps.Add(new FinishGpuStep(Values[value], PackedActivation.None, null, gpu.Constants, _places.Reals(value),
                new ResultPlaces(-1, -1, _places.Signs(value))));
    }
}
