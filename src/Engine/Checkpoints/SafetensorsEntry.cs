using System.Collections.Immutable;

namespace ReSTE.Native.Checkpoints;

/// <summary>One tensor of a safetensors file, without its data.</summary>
public sealed class SafetensorsEntry
{
    internal SafetensorsEntry(string name, SafetensorsType type, ImmutableArray<long> shape, long count, long begin, long end)
    {
        Name = name;
        Type = type;
        Shape = shape;
        Count = count;
        Begin = begin;
        End = end;
    }

    /// <summary>The tensor's name, unique in its file.</summary>
    public string Name { get; }

    /// <summary>Type of an element.</summary>
    public SafetensorsType Type { get; }

    /// <summary>Dimensions, the slowest first; empty for a scalar.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>Number of elements: the product of the shape, 1 for a scalar.</summary>
    public long Count { get; }

    /// <summary>Where the tensor's bytes begin, from the end of the header.</summary>
    internal long Begin { get; }

    /// <summary>Where the tensor's bytes end.</summary>
    internal long End { get; }
}
