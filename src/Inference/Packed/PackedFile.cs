using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace ReSTE.Native.Packed;

/// <summary>
/// Reads and writes packed files, as docs/packed-format.md describes them: eight bytes of magic, the version, the length of the header, the
/// header, the numbers of its layers, and the SHA-256 of all of that.
/// </summary>
public static class PackedFile
{
    /// <summary>The version of the format that is written, and the newest that is read.</summary>
    public const int Version = 1;

    private const int Start = 16;

    // An odd byte first: no text begins so. The rest shows whether line ends were changed on the way.
    private static ReadOnlySpan<byte> Magic => [0x89, (byte)'B', (byte)'N', (byte)'N', (byte)'1', 0x0d, 0x0a, 0x1a];

    /// <summary>Writes a network.</summary>
    /// <exception cref="PackedException">Its layers do not fit each other.</exception>
    public static byte[] Write(PackedNetwork network)
    {
        PackedValues values = PackedValues.Of(network);
        byte[] header = Compressed.Of(PackedHeader.Write(network, values));
        using var file = new MemoryStream();
        file.Write(Magic);
        Span<byte> numbers = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(numbers, Version);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[4..], header.Length);
        file.Write(numbers);
        file.Write(header);
        file.Write(new byte[-header.Length & 3]);
        var data = new PackedData.Writer(file);
        data.Singles(network.Input.Scale);
        data.Singles(network.Input.Shift);
        foreach (PackedLayer layer in network.Layers)
            Write(data, layer, values);
        file.Write(SHA256.HashData(file.GetBuffer().AsSpan(0, (int)file.Length)));
        return file.ToArray();
    }

    /// <summary>Opens a file.</summary>
    /// <exception cref="PackedException">It is no packed file, damaged, or of a newer version; the message names it.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static PackedNetwork Open(string path)
    {
        try
        {
            return Read(File.ReadAllBytes(path));
        }
        catch (PackedException problem)
        {
            throw new PackedException($"{path}: {problem.Message}", problem);
        }
    }

    /// <summary>Reads a network.</summary>
    /// <exception cref="PackedException">The bytes are no packed file, damaged, or of a newer version.</exception>
    public static PackedNetwork Read(ReadOnlyMemory<byte> file)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        if (bytes.Length < Magic.Length || !bytes.StartsWith(Magic))
            throw new PackedException("is not a packed network; `reste export FILE --format packed` makes one of a checkpoint");
        if (bytes.Length < Start + SHA256.HashSizeInBytes)
            throw new PackedException($"is cut short: it has {bytes.Length} bytes, and its end is missing; copy it again");
        int version = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (version > Version)
            throw new PackedException($"is of version {version}, and this program reads up to {Version}: a newer program reads it");
        if (!SHA256.HashData(bytes[..^SHA256.HashSizeInBytes]).AsSpan().SequenceEqual(bytes[^SHA256.HashSizeInBytes..]))
            throw new PackedException("is damaged or cut short: its checksum is not that of its bytes; copy or export it again");
        try
        {
            return ReadChecked(file[..^SHA256.HashSizeInBytes], version);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new PackedException("has a header that cannot be read: " + problem.Message.ReplaceLineEndings(" "), problem);
        }
    }

    private static PackedNetwork ReadChecked(ReadOnlyMemory<byte> file, int version)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(file.Span[12..]);
        if (version < 1 || length < 2 || length > file.Length - Start)
            throw new PackedException($"cannot be of version {version} with a header of {length} bytes");
        var numbers = new PackedData(file[Math.Min(file.Length, Start + (length + 3) / 4 * 4)..]);
        PackedNetwork network = PackedHeader.Read(Compressed.Read(file.Slice(Start, length)), numbers);
        return numbers.Left == 0 ? network : throw new PackedException($"has {numbers.Left} bytes that its header does not know");
    }

    private static void Write(PackedData.Writer data, PackedLayer layer, PackedValues values)
    {
        switch (layer)
        {
            case RealConv l:
                Write(data, l.Weights);
                break;
            case SignConv { Result: CountSigns signs } l:
                data.Words(l.Signs);
                data.Bounds(signs.Bounds, values.Taps(l.Name, l.Input, l.Conv.Kernel));
                data.Words(signs.Flips);
                break;
            case SignConv { Result: CountNumbers numbers } l:
                data.Words(l.Signs);
                data.Singles(numbers.Scale);
                if (numbers.Norm is { } norm)
                    Write(data, norm);
                break;
            case NormLayer l:
                Write(data, l.Norm);
                break;
            case LinearLayer l:
                Write(data, l.Weights);
                data.Singles(l.Bias);
                break;
        }
    }

    private static void Write(PackedData.Writer data, RealValues weights)
    {
        if (weights.Bytes == null)
        {
            data.Singles(weights.Values);
            return;
        }

        data.Singles(weights.Scales!);
        data.Bytes(weights.Bytes);
    }

    private static void Write(PackedData.Writer data, Normalisation norm)
    {
        if (!norm.HasNoMean)
            data.Singles(norm.Mean);
        data.Singles(norm.Factor);
        data.Singles(norm.Shift);
    }
}
