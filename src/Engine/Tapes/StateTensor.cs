using ReSTE.Native.Devices;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Tapes;

/// <summary>
/// Something a network keeps between steps: a parameter, a running statistic or an estimator's state, by its published name, in
/// the published (PyTorch) layout.
/// </summary>
public class StateTensor
{
    internal StateTensor(Device device, string name, Tensor value, PublishedLayout layout, Initialisation initialisation)
    {
        Device = device;
        Name = name;
        Value = value;
        Layout = layout;
        Initialisation = initialisation;
    }

    /// <summary>The published (PyTorch) name, such as <c>layer1.0.conv1.weight</c>.</summary>
    public string Name { get; }

    /// <summary>The published dimensions: a convolution's are [O,I,KH,KW], a linear layer's [O,I].</summary>
    public Shape Shape => Layout.Shape;

    /// <summary>The device whose memory it lies in.</summary>
    internal Device Device { get; }

    /// <summary>The numbers, in the engine's layout.</summary>
    internal Tensor Value { get; }

    /// <summary>How the engine's layout maps to the published one.</summary>
    internal PublishedLayout Layout { get; }

    /// <summary>How it starts.</summary>
    internal Initialisation Initialisation { get; }

    /// <summary>
    /// The numbers, row-major. Waits for the device. Throws <see cref="InvalidOperationException"/> once the trainer is disposed.
    /// </summary>
    public double[] Read() => Layout.ToPublished(Device.ReadReals(Value));

    /// <summary>
    /// Sets the numbers, row-major, rounded to what the device stores. Throws <see cref="ArgumentException"/> where their count is
    /// another, and <see cref="InvalidOperationException"/> once the trainer is disposed.
    /// </summary>
    public void Write(ReadOnlySpan<double> published) => Device.WriteReals(Value, Layout.ToEngine(published));
}
