using System.Buffers.Binary;
using System.Text;

namespace ReSTE.Native.Engine.Tests.Checkpoints;

/// <summary>Puts safetensors files together by hand, right or wrong.</summary>
internal static class SafetensorsBytes
{
    /// <summary>A header's true length, the header, and <paramref name="dataLength"/> zero bytes of data.</summary>
    public static byte[] Build(string header, int dataLength) => Build(Encoding.UTF8.GetBytes(header), new byte[dataLength]);

    public static byte[] Build(ReadOnlySpan<byte> header, ReadOnlySpan<byte> data)
    {
        var bytes = new byte[8 + header.Length + data.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)header.Length);
        header.CopyTo(bytes.AsSpan(8));
        data.CopyTo(bytes.AsSpan(8 + header.Length));
        return bytes;
    }

    /// <summary>A file with metadata, a scalar, an empty tensor and two ordinary ones.</summary>
    public static byte[] Valid()
    {
        var writer = new ReSTE.Native.Checkpoints.SafetensorsWriter();
        writer.AddMetadata("epoch", "7");
        writer.AddMetadata("model", "resnet20_1w1a");
        writer.Add("conv1.weight", [2, 3, 1, 1], [0.5f, -1f, 2f, -0f, float.NaN, float.NegativeInfinity]);
        writer.Add("empty", [3, 0, 2], ReadOnlySpan<float>.Empty);
        writer.Add("steps", [], [long.MinValue]);
        writer.Add("mean", [2], [Math.PI, -1e300]);
        using var stream = new MemoryStream();
        writer.WriteTo(stream);
        return stream.ToArray();
    }
}
