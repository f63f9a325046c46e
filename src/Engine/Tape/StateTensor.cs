using ReSTE.Native.Tensors;

namespace ReSTE.Native.Tapes;

/// <summary>Something a network keeps between steps: a parameter or a running statistic, with its published name and layout.</summary>
public class StateTensor
{
    internal StateTensor(string name, Tensor value, PublishedLayout layout, Initialisation initialisation)
    {
        Name = name;
        Value = value;
        Layout = layout;
        Initialisation = initialisation;
    }

    /// <summary>The published (PyTorch) name, such as <c>layer1.0.conv1.weight</c>.</summary>
    public string Name { get; }

    /// <summary>The numbers, in the engine's layout.</summary>
    public Tensor Value { get; }

    /// <summary>How the engine's layout maps to the published one.</summary>
    public PublishedLayout Layout { get; }

    /// <summary>How it starts.</summary>
    public Initialisation Initialisation { get; }

    /// <summary>The numbers in the published layout, as doubles.</summary>
    public double[] Read() => Layout.ToPublished(Value.Device.ReadReals(Value));

    /// <summary>Sets the numbers from the published layout.</summary>
    public void Write(ReadOnlySpan<double> published) => Value.Device.WriteReals(Value, Layout.ToEngine(published));
}
