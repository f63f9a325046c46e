using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using ReSTE.Native.Checkpoints;

namespace ReSTE.Native.Host;

/// <summary>
/// The lines of metrics.jsonl as scalars for TensorBoard: a file of records, each its length, that length's checksum, a protocol buffer of
/// the type Event (tensorflow/core/util/event.proto, summary.proto) and its checksum; the first one names the version. Steps of training
/// are counted through all epochs, epochs from 0.
/// </summary>
internal sealed class EventFile(string path)
{
    /// <summary>TensorBoard takes any file with "tfevents" in its name.</summary>
    public const string Name = "events.out.tfevents.reste";

    // Added to a checksum that is turned, so that one of data with checksums in them differs from theirs (core/lib/hash/crc32c.h).
    private const uint MaskDelta = 0xa282ead8;

    private enum Wire
    {
        Varint = 0,
        Fixed64 = 1,
        Bytes = 2,
        Fixed32 = 5,
    }

    /// <summary>Writes it anew.</summary>
    public void Write(IReadOnlyList<MetricsLine> lines) => AtomicFile.Write(path, file =>
    {
        Record(file, Version(lines.FirstOrDefault()?.Time ?? MetricsLine.Unix(DateTime.Now)));
        foreach (var line in lines)
            Record(file, line);
    });

    public void Append(MetricsLine line)
    {
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        Record(file, line);
    }

    private static void Record(Stream file, MetricsLine line)
    {
        var values = Scalars(line).Where(scalar => scalar.Value is not null).ToArray();
        if (values.Length == 0)
            return;
        var summary = new MemoryStream();
        foreach (var (tag, value) in values)
            Field(summary, 1, Scalar(tag, (float)value!.Value));
        var e = Begin(line.Time);
        Tag(e, 2, Wire.Varint);
        Varint(e, (ulong)(line.Step is { } step ? (long)line.Epoch * line.Steps!.Value + step : line.Epoch));
        Field(e, 5, summary.ToArray());
        Record(file, e.ToArray());
    }

    private static IEnumerable<(string Tag, double? Value)> Scalars(MetricsLine line) => line.Phase switch
    {
        MetricsLine.Training => [("step/loss", line.Loss), ("step/top1", line.Top1), ("step/images_per_s", line.Speed)],
        MetricsLine.WholeEpoch =>
        [
            ("loss/train", line.TrainLoss), ("loss/val", line.ValLoss), ("top1/train", line.TrainTop1), ("top1/val", line.ValTop1),
            ("top5/train", line.TrainTop5), ("top5/val", line.ValTop5), ("schedule/lr", line.Lr), ("schedule/o", line.O),
            ("indicators/estimating_error", line.EstimatingError), ("indicators/gradient_stability", line.GradientStability),
            ("time/seconds", line.Seconds),
        ],
        _ => [],
    };

    private static byte[] Version(double time)
    {
        var e = Begin(time);
        Field(e, 3, "brain.Event:2"u8);
        return e.ToArray();
    }

    /// <summary>An event at a time.</summary>
    private static MemoryStream Begin(double time)
    {
        var e = new MemoryStream();
        Span<byte> wall = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(wall, time);
        Tag(e, 1, Wire.Fixed64);
        e.Write(wall);
        return e;
    }

    private static byte[] Scalar(string tag, float value)
    {
        var scalar = new MemoryStream();
        Field(scalar, 1, Encoding.UTF8.GetBytes(tag));
        Span<byte> single = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(single, value);
        Tag(scalar, 2, Wire.Fixed32);
        scalar.Write(single);
        return scalar.ToArray();
    }

    private static void Field(Stream message, int field, ReadOnlySpan<byte> bytes)
    {
        Tag(message, field, Wire.Bytes);
        Varint(message, (ulong)bytes.Length);
        message.Write(bytes);
    }

    private static void Tag(Stream message, int field, Wire wire) => Varint(message, (ulong)((field << 3) | (int)wire));

    private static void Varint(Stream message, ulong value)
    {
        for (; value > 0x7f; value >>= 7)
            message.WriteByte((byte)(value | 0x80));
        message.WriteByte((byte)value);
    }

    private static void Record(Stream file, byte[] data)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)data.Length);
        file.Write(length);
        Checksum(file, length);
        file.Write(data);
        Checksum(file, data);
    }

    private static void Checksum(Stream file, ReadOnlySpan<byte> data)
    {
        var crc = ~0u;
        foreach (var value in data)
            crc = BitOperations.Crc32C(crc, value);
        Span<byte> masked = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(masked, BitOperations.RotateRight(~crc, 15) + MaskDelta);
        file.Write(masked);
    }
}
