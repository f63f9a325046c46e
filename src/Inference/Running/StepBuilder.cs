using ReSTE.Native.Packed;

namespace ReSTE.Native.Running;

/// <summary>Turns a network's layers into steps, one after the other, and places their values.</summary>
/// <typeparam name="TStep">What runs a layer.</typeparam>
/// <param name="network">The network.</param>
/// <param name="isApart">As <see cref="Arena"/>'s.</param>
internal abstract class StepBuilder<TStep>(PackedNetwork network, bool isApart = false)
{
    /// <summary>The network.</summary>
    protected PackedNetwork Network => network;

    /// <summary>Where its values lie.</summary>
    protected Places Places { get; } = new(network, isApart);

    /// <summary>Its values.</summary>
    protected PackedValues Values => Places.Values;

    /// <summary>The steps so far.</summary>
    protected List<TStep> Steps { get; } = [];

    /// <summary>Adds a step for the image and those of all layers.</summary>
    protected void AddAll()
    {
        Places.Add(reals: true);
        Steps.Add(ImageStep());
        AddSigns(0);
        for (int i = 0; i < network.Layers.Count; i++)
            i += Add(network.Layers[i], i + 1);
    }

    /// <summary>Adds a layer, which gives a value; returns how many layers after it are done with it.</summary>
    protected virtual int Add(PackedLayer layer, int value)
    {
        switch (layer)
        {
            case SignConv conv:
                Add(conv, value);
                return 0;
            case FlattenLayer:
                Places.AddSame(layer.Input);
                break;
            default:
                Places.Add(reals: !Values.IsSigns(value));
                Steps.Add(StepOf(layer, value));
                break;
        }

        AddSigns(value);
        return 0;
    }

    /// <summary>Adds the signs of a value that has numbers, where they are read.</summary>
    protected void AddSigns(int value)
    {
        if (Places.HasSignsOfNumbers(value))
            Steps.Add(SignsOf(value));
    }

    /// <summary>Makes the normalised image.</summary>
    protected abstract TStep ImageStep();

    /// <summary>A layer that is no convolution of signs and has a place for its value.</summary>
    protected abstract TStep StepOf(PackedLayer layer, int value);

    /// <summary>A convolution of signs as a count's own expression says it; whether signs come with its numbers.</summary>
    protected abstract TStep UnitOf(SignConv unit, int value, bool givesSigns);

    /// <summary>Adds what is left of it after that, in place, and the signs.</summary>
    protected abstract void AddAfter(CountNumbers after, int value);

    /// <summary>The signs of numbers.</summary>
    protected abstract TStep SignsOf(int value);

    private void Add(SignConv conv, int value)
    {
        var (unit, after) = conv.Parted();
        Places.Add(reals: conv.Result is CountNumbers && (after != null || Values.NeedsReals(value)));
        Steps.Add(UnitOf(unit, value, givesSigns: after == null));
        if (after != null)
            AddAfter(after, value);
    }
}
