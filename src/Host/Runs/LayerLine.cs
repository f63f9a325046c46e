using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ReSTE.Native.Host;

/// <summary>A line of layers.jsonl: the latent weights of the binary layers after an epoch.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="Layers">In the network's order.</param>
internal sealed record LayerLine(int Epoch, IReadOnlyList<LayerWeights> Layers)
{
    /// <summary>Null of a line that is none.</summary>
    public static LayerLine? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<LayerLine>(line, LayerWeights.Json) is { Layers: { } layers } read
                && layers.All(layer => layer is { IsWhole: true }) ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string Text() => JsonSerializer.Serialize(this, LayerWeights.Json);
}

/// <summary>The latent weights of a binary layer: how they are spread, and how many changed their sign.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Weights">How many there are.</param>
/// <param name="MeanAbs">The mean of |w|.</param>
/// <param name="Flips">
/// Those with another sign than at the end of the epoch before, or in a run's first epoch than at its beginning; null where that is not
/// known.
/// </param>
/// <param name="Histogram">
/// Weights in each of <see cref="Bins"/> bins from -<see cref="Reach"/> to <see cref="Reach"/> times the mean of |w|; the outermost hold
/// those beyond, too. Zero is where two bins meet, and belongs to the right one, as its sign is +1.
/// </param>
internal sealed record LayerWeights(string Name, int Weights, double MeanAbs, int? Flips, IReadOnlyList<int> Histogram)
{
    /// <summary>In units of the mean of |w|: of a normal distribution 0.14 % lie beyond on both sides together.</summary>
    public const int Reach = 4;

    public const int Bins = 40;

    /// <summary>Names as in metrics.jsonl.</summary>
    public static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private const double BinsAUnit = Bins / (2.0 * Reach);

    /// <summary>Weights in the two bins beside zero.</summary>
    [JsonIgnore]
    public int NearZero => Histogram[Bins / 2 - 1] + Histogram[Bins / 2];

    /// <summary>Whether a line that was read has all of it.</summary>
    [JsonIgnore]
    public bool IsWhole => Name is not null && Weights > 0 && Histogram is { Count: Bins };

    // A run of a few epochs would never get to see it compiled for speed.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static LayerWeights Of(string name, ReadOnlySpan<double> weights, int? flips)
    {
        double sum = 0;
        foreach (var w in weights)
            sum += Math.Abs(w);
        var mean = sum / weights.Length;
        var histogram = new int[Bins];
        var scale = mean > 0 ? BinsAUnit / mean : 0;
        foreach (var w in weights)
            histogram[Math.Clamp((int)Math.Floor(w * scale) + Bins / 2, 0, Bins - 1)]++;
        return new(name, weights.Length, mean, flips, histogram);
    }
}
