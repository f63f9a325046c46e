using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ReSTE.Native.Host;

/// <summary>
/// The signs of all latent weights at the start of an epoch, a bit each, set where the weight is below zero. They are in signs.json while a
/// run stands in the middle of an epoch, for its checkpoint has the weights of there only; at the start of one the weights have them.
/// </summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Layers">By the parameter's name.</param>
internal sealed record LayerSigns(int Epoch, IReadOnlyDictionary<string, byte[]> Layers)
{
    private const int Bits = 8;

    // A run of a few epochs would never get to see it compiled for speed.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static byte[] Pack(ReadOnlySpan<double> weights)
    {
        var packed = new byte[(weights.Length + Bits - 1) / Bits];
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] < 0)
                packed[i / Bits] |= (byte)(1 << (i % Bits));
        }
        return packed;
    }

    /// <summary>Signs that differ; null where there are none to compare with.</summary>
    public static int? Flips(byte[]? before, byte[] after)
    {
        if (before is null || before.Length != after.Length)
            return null;
        var flips = 0;
        for (var i = 0; i < after.Length; i++)
            flips += BitOperations.PopCount((uint)(before[i] ^ after[i]));
        return flips;
    }

    /// <summary>Those of an epoch; null where the file has none of it.</summary>
    public static LayerSigns? Read(string path, int epoch)
    {
        try
        {
            return File.Exists(path) && JsonSerializer.Deserialize<LayerSigns>(File.ReadAllBytes(path)) is { Layers: not null } signs
                && signs.Epoch == epoch ? signs : null;
        }
        catch (Exception problem) when (problem is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Write(string path) => TextFile.Replace(path, JsonSerializer.Serialize(this));
}
