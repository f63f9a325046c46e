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
            i += Add(i);
        return new GpuProgram([.. _steps], _places.Arena, Enumerable.Range(0, Values.Count).Max(value => Values[value].Count),
            _places.Reals(network.Layers.Count), network.Input.Bytes, network.Classes.Count);
    }

    private PackedValues Values => _places.Values;

    // Adds a layer; returns how many of those after it are done with it.
    private int Add(int index)
    {
        PackedLayer layer = network.Layers[index];
        int value = index + 1;
        switch (layer)
        {
            case SignConv conv:
                Add(conv, value);
                return 0;
            case RealConv or LinearLayer:
                return Add(RealSums.Of(layer)!, layer.Input, value);
            case NormLayer or ActivationLayer:
                _places.Add(reals: Values.NeedsReals(value));
                AddFinish(Finish.Of(layer)!.Value, _places.Reals(layer.Input), value);
                return 0;
            case FlattenLayer:
                _places.AddSame(layer.Input);
                break;
            default:
                _places.Add(reals: !Values.IsSigns(value));
                _steps.Add(StepOf(layer, value));
                break;
        }

        AddSigns(value);
        return 0;
    }

    private GpuStep StepOf(PackedLayer layer, int value)
    {
        ValueShape from = Values[layer.Input], to = Values[value];
        long x = _places.Reals(layer.Input), y = _places.Reals(value);
        return layer switch
        {
            PadLayer => new PadGpuStep(from, to, x, y),
            MaxPoolLayer l when Values.IsSigns(value) =>
                new MaxPoolGpuStep(l, from, ofSigns: true, _places.Signs(layer.Input), _places.Signs(value)),
            MaxPoolLayer l => new MaxPoolGpuStep(l, from, ofSigns: false, x, y),
            AveragePoolLayer l => new AveragePoolGpuStep(from, l.Size, x, y),
            _ => throw new PackedException($"{layer.Name}: no layer of this kind can be run"),
        };
    }

    private void Add(SignConv l, int value)
    {
        var (unit, after) = l.Parted();
        _places.Add(reals: l.Result is CountNumbers && (after != null || Values.NeedsReals(value)));
        var places = new ResultPlaces(_places.Added(unit.Adds), _places.Reals(value), after == null ? _places.Signs(value) : -1);
        _steps.Add(new SignConvGpuStep(unit, Values[l.Input], gpu, _places.Signs(l.Input), places));
        if (after != null)
            AddFinish(new(after.Activation, after.Norm, after.Added), _places.Reals(value), value);
    }

    // With the layer after it, where that only finishes its numbers and nobody else reads them.
    private int Add(RealSums sums, int input, int value)
    {
        PackedLayer? next = value < network.Layers.Count ? network.Layers[value] : null;
        bool isFinished = next != null && Finish.Of(next) != null && next.Input == value && next.Adds != value
            && Values.LastReader(value) == value + 1 && !Values.NeedsSigns(value);
        _places.Add(reals: !isFinished);
        if (isFinished)
            _places.Add(reals: Values.NeedsReals(value + 1), layersAtOnce: 2);
        int result = isFinished ? value + 1 : value;
        Finish finish = isFinished ? Finish.Of(next!)!.Value : default;
        _steps.Add(new RealGpuStep(sums, Values[input], finish, gpu, _places.Reals(input), PlacesOf(result, finish.Added)));
        return result - value;
    }

    private void AddFinish(Finish finish, long x, int value) =>
        _steps.Add(new FinishGpuStep(Values[value], finish, gpu.Constants, x, PlacesOf(value, finish.Added)));

    private void AddSigns(int value)
    {
        if (_places.HasSignsOfNumbers(value))
            _steps.Add(new FinishGpuStep(Values[value], default, gpu.Constants, _places.Reals(value),
                new ResultPlaces(-1, -1, _places.Signs(value))));
    }

    private ResultPlaces PlacesOf(int value, int? added) => new(_places.Added(added), _places.Reals(value), _places.Signs(value));
}
