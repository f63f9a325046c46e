using System.Collections.Immutable;

namespace ReSTE.Native.Checkpoints;

/// <summary>One tensor of a state dictionary, without its numbers.</summary>
public sealed class StateEntry
{
    internal StateEntry(string name, SafetensorsType type, ImmutableArray<long> shape, TensorView view)
    {
        Name = name;
        Type = type;
        Shape = shape;
        Count = type.Extent(shape.AsSpan())?.Elements ?? throw new ArgumentException("larger than any file", nameof(shape));
        View = view;
    }

    /// <summary>The tensor's name, unique in its dictionary.</summary>
    public string Name { get; }

    /// <summary>Type of an element.</summary>
    public SafetensorsType Type { get; }

    /// <summary>Dimensions, the slowest first; empty for a scalar.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>Number of elements: the product of the shape, 1 for a scalar.</summary>
    public long Count { get; }

    /// <summary>Where its numbers lie.</summary>
    internal TensorView View { get; }
}
