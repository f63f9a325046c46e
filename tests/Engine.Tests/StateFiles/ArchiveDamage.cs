using System.Buffers.Binary;

namespace ReSTE.Native.Engine.Tests.StateFiles;

/// <summary>A valid archive with one thing out of place.</summary>
internal static class ArchiveDamage
{
    private const int EndLength = 22, CentralLength = 46;

    public static byte[] Of(string damage)
    {
        byte[] file = damage switch
        {
            "twice" => TorchBytes.Valid().Zip(null, ("any name/data/0", [])),
            "two pickles" => TorchBytes.Valid().Zip(null, ("other/data.pkl", [])),
            "byte order" => TorchBytes.Valid().Zip(null, ("any name/byteorder", "big"u8.ToArray())),
            "locator" => WithZip64(TorchBytes.Valid().Zip()),
            _ => TorchBytes.Valid().Zip(),
        };
        int[] entries = Entries(file);
        Span<byte> end = file.AsSpan(file.Length - EndLength);
        Span<byte> second = file.AsSpan(entries[1]), third = file.AsSpan(entries[2]), last = file.AsSpan(entries[^1]);
        switch (damage)
        {
            case "checksum": file[Int(third, 42) + 200] ^= 1; break;
            case "overlap": Set(second, 42, Int(third, 42)); break;
            case "into the directory": Grow(last, Int(last, 24) + 20); break;
            case "past the end": Grow(third, 100_000_000); break;
            case "elsewhere": Set(second, 42, Int(second, 42) + 1); break;
            case "compressed": second[10] = 8; break;
            case "encrypted": second[8] |= 1; break;
            case "too many": BinaryPrimitives.WriteUInt16LittleEndian(end[10..], 60_000); break;
            case "too few": BinaryPrimitives.WriteUInt16LittleEndian(end[10..], 3); break;
            case "directory": Set(end, 16, Int(end, 16) + 1); break;
            case "no pickle": file[entries[0] + CentralLength + 12] = (byte)'x'; break;
            case "locator": Set(file.AsSpan(file.Length - EndLength - 20), 8, 17); break;
            default: break;
        }

        return file;
    }

    /// <summary>
    /// The archive with every number in a zip64 field, as one above 4 GB has them; the last member may claim another length than it has.
    /// </summary>
    public static byte[] Zip64(long? length = null) => WithZip64(TorchBytes.Valid().Zip(), length);

    private static byte[] WithZip64(byte[] file, long? length = null)
    {
        int[] entries = Entries(file);
        Span<byte> end = file.AsSpan(file.Length - EndLength);
        int start = Int(end, 16);
        var directory = new List<byte>();
        foreach (int at in entries)
        {
            int nameLength = file[at + 28] | file[at + 29] << 8;
            byte[] entry = file[at..(at + CentralLength + nameLength)], extra = new byte[28];
            (extra[0], extra[2]) = (1, 24);
            BinaryPrimitives.WriteInt64LittleEndian(extra.AsSpan(4), at == entries[^1] && length is { } size ? size : Int(entry, 24));
            BinaryPrimitives.WriteInt64LittleEndian(extra.AsSpan(12), at == entries[^1] && length is { } packed ? packed : Int(entry, 20));
            BinaryPrimitives.WriteInt64LittleEndian(extra.AsSpan(20), Int(entry, 42));
            foreach (int field in new[] { 20, 24, 42 })
                Set(entry, field, -1);
            entry[30] = (byte)extra.Length;
            directory.AddRange([.. entry, .. extra]);
        }

        byte[] end64 = new byte[56], locator = new byte[20];
        BinaryPrimitives.WriteUInt32LittleEndian(end64, 0x06064b50);
        BinaryPrimitives.WriteInt64LittleEndian(end64.AsSpan(4), 44);
        BinaryPrimitives.WriteInt64LittleEndian(end64.AsSpan(32), entries.Length);
        BinaryPrimitives.WriteInt64LittleEndian(end64.AsSpan(40), directory.Count);
        BinaryPrimitives.WriteInt64LittleEndian(end64.AsSpan(48), start);
        BinaryPrimitives.WriteUInt32LittleEndian(locator, 0x07064b50);
        BinaryPrimitives.WriteInt64LittleEndian(locator.AsSpan(8), start + directory.Count);
        Set(end, 8, -1);
        Set(end, 12, -1);
        Set(end, 16, -1);
        return [.. file[..start], .. directory, .. end64, .. locator, .. end];
    }

    /// <summary>Where the directory's entries begin, by their signature; names and numbers of these archives do not hold it.</summary>
    private static int[] Entries(byte[] file)
    {
        var entries = new List<int>();
        for (int at = 0; at + CentralLength <= file.Length; at++)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at)) == 0x02014b50)
                entries.Add(at);
        }

        return [.. entries];
    }

    private static void Grow(Span<byte> entry, int size)
    {
        Set(entry, 20, size);
        Set(entry, 24, size);
    }

    private static int Int(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);

    private static void Set(Span<byte> bytes, int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(bytes[at..], value);
}
