using System.Globalization;

namespace ReSTE.Native.Tensors;

/// <summary>One to four dimensions, the last one contiguous. Activations are [N,H,W,C], convolution weights [O,KH,KW,I].</summary>
public readonly record struct Shape
{
    private readonly int _d0, _d1, _d2, _d3;

    /// <summary>A shape from its dimensions; each must be positive.</summary>
    public Shape(params ReadOnlySpan<int> dimensions)
    {
        if (dimensions.Length is < 1 or > 4)
            throw new ArgumentException($"a shape has one to four dimensions, not {dimensions.Length}");
        foreach (int d in dimensions)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(d, nameof(dimensions));
        Rank = dimensions.Length;
        _d0 = dimensions[0];
        _d1 = Rank > 1 ? dimensions[1] : 1;
        _d2 = Rank > 2 ? dimensions[2] : 1;
        _d3 = Rank > 3 ? dimensions[3] : 1;
    }

    /// <summary>Number of dimensions.</summary>
    public int Rank { get; }

    /// <summary>Number of elements.</summary>
    public long Count => (long)_d0 * _d1 * _d2 * _d3;

    /// <summary>The last dimension: channels of an activation.</summary>
    public int Last => this[Rank - 1];

    /// <summary>Elements divided by the last dimension: pixels of an activation.</summary>
    public long Rows => Count / Last;

    /// <summary>A dimension, from the outermost.</summary>
    public int this[int axis] =>
        axis switch { 0 => _d0, 1 => _d1, 2 => _d2, 3 => _d3, _ => throw new ArgumentOutOfRangeException(nameof(axis)) };

    /// <summary>The dimensions as an array.</summary>
    public int[] ToArray()
    {
        var dimensions = new int[Rank];
        for (int i = 0; i < Rank; i++)
            dimensions[i] = this[i];
        return dimensions;
    }

    /// <summary>[a,b,c].</summary>
    public override string ToString() => "[" + string.Join(',', ToArray().Select(d => d.ToString(CultureInfo.InvariantCulture))) + "]";
}
