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

/// <summary>Turns layers into launches.</summary>
internal sealed class GpuProgramBuilder(PackedNetwork network, GpuBuild gpu) : StepBuilder<GpuStep>(network, gpu.IsApart)
{
    public GpuProgram Build()
    {
        AddAll();
        return new GpuProgram([.. Steps], Places.Arena, Enumerable.Range(0, Values.Count).Max(value => Values[value].Count),
            Places.Reals(Network.Layers.Count), Network.Input.Bytes, Network.Classes.Count);
    }

    protected override GpuStep ImageStep() => new ImageGpuStep(Network.Input, gpu.Constants, Places.Reals(0));

    protected override int Add(PackedLayer layer, int value)
    {
        if (RealSums.Of(layer) is { } sums)
            return Add(sums, layer.Input, value);
        if (Finish.Of(layer) is not { } finish)
            return base.Add(layer, value);
        Places.Add(reals: Values.NeedsReals(value));
        AddFinish(finish, Places.Reals(layer.Input), value);
        return 0;
    }

    protected override GpuStep StepOf(PackedLayer layer, int value)
    {
        ValueShape from = Values[layer.Input], to = Values[value];
        long x = Places.Reals(layer.Input), y = Places.Reals(value);
        return layer switch
        {
            PadLayer => new PadGpuStep(from, to, x, y),
            MaxPoolLayer l when Values.IsSigns(value) =>
                new MaxPoolGpuStep(l, from, ofSigns: true, Places.Signs(layer.Input), Places.Signs(value)),
            MaxPoolLayer l => new MaxPoolGpuStep(l, from, ofSigns: false, x, y),
            AveragePoolLayer l => new AveragePoolGpuStep(from, l.Size, x, y),
            _ => throw new PackedException($"{layer.Name}: no layer of this kind can be run"),
        };
    }

    protected override GpuStep UnitOf(SignConv unit, int value, bool givesSigns) => new SignConvGpuStep(unit, Values[unit.Input], gpu,
        Places.Signs(unit.Input), new(Places.Added(unit.Adds), Places.Reals(value), givesSigns ? Places.Signs(value) : -1));

    protected override void AddAfter(CountNumbers after, int value) =>
        AddFinish(new(after.Activation, after.Norm, after.Added), Places.Reals(value), value);

    protected override GpuStep SignsOf(int value) =>
        new FinishGpuStep(Values[value], default, gpu.Constants, Places.Reals(value), new(-1, -1, Places.Signs(value)));

    // With the layer after it, where that only finishes its numbers and nobody else reads them.
    private int Add(RealSums sums, int input, int value)
    {
        PackedLayer? next = value < Network.Layers.Count ? Network.Layers[value] : null;
        Finish? finish = next != null && next.Input == value && next.Adds != value && Values.LastReader(value) == value + 1
            && !Values.NeedsSigns(value) ? Finish.Of(next) : null;
        int more = finish == null ? 0 : 1;
        Places.Add(reals: more == 0);
        if (more == 1)
            Places.Add(reals: Values.NeedsReals(value + 1), layersAtOnce: 2);
        Steps.Add(new RealGpuStep(sums, Values[input], finish ?? default, gpu, Places.Reals(input),
            PlacesOf(value + more, finish?.Added)));
        return more;
    }

    private void AddFinish(Finish finish, long x, int value) =>
        Steps.Add(new FinishGpuStep(Values[value], finish, gpu.Constants, x, PlacesOf(value, finish.Added)));

    private ResultPlaces PlacesOf(int value, int? added) => new(Places.Added(added), Places.Reals(value), Places.Signs(value));
}
