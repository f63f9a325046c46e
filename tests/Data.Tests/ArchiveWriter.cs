using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace ReSTE.Native.Data.Tests;

/// <summary>Writes archives: honest ones with the framework's writer, the others header by header.</summary>
internal static class ArchiveWriter
{
    public static byte[] TarGz(params (string Name, byte[] Bytes)[] members) => GZip(Tar(TarEntryFormat.Gnu, members));

    /// <summary>A folder's member first, as tar writes it, then the files.</summary>
    public static byte[] Tar(TarEntryFormat format, params (string Name, byte[] Bytes)[] members)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, format, leaveOpen: true))
        {
            writer.WriteEntry(Entry(format, TarEntryType.Directory, members[0].Name.Split('/')[0] + "/"));
            foreach (var (name, bytes) in members)
            {
                var entry = Entry(format, format == TarEntryFormat.V7 ? TarEntryType.V7RegularFile : TarEntryType.RegularFile, name);
                entry.DataStream = new MemoryStream(bytes);
                writer.WriteEntry(entry);
            }
        }

        return stream.ToArray();
    }

    public static byte[] GZip(byte[] bytes, CompressionLevel level = CompressionLevel.Fastest)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, level))
            gzip.Write(bytes);
        return stream.ToArray();
    }

    /// <summary>
    /// Stored blocks of which none is the last; where the sum would be, a coded block begins that the file is too short for. The size is
    /// right. The framework's inflater gives all the content and reports nothing.
    /// </summary>
    public static byte[] GZipWithoutEnd(byte[] bytes)
    {
        var blocks = bytes.Chunk(ushort.MaxValue).SelectMany(chunk =>
            (byte[])[0, .. BitConverter.GetBytes((ushort)chunk.Length), .. BitConverter.GetBytes((ushort)~chunk.Length), .. chunk]);
        return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, .. blocks, 4, 0xe0, 1, 0, .. BitConverter.GetBytes(bytes.Length)];
    }

    /// <summary>A member with a header that says whatever it is told to; <paramref name="size"/> need not be the content's.</summary>
    public static byte[] Member(string name, byte[] content, long? size = null, char type = '0')
    {
        byte[] member = new byte[512 + (content.Length + 511) / 512 * 512];
        Encoding.Latin1.GetBytes(name).CopyTo(member.AsSpan());
        Octal(member.AsSpan(124, 12), size ?? content.Length);
        member[156] = (byte)type;
        content.CopyTo(member.AsSpan(512));
        SetSum(member.AsSpan(0, 512));
        return member;
    }

    /// <summary>Members and the archive's end.</summary>
    public static byte[] Tar(params byte[][] members) => [.. members.SelectMany(member => member), .. new byte[1024]];

    /// <summary>Makes a header's sum right again.</summary>
    public static void SetSum(Span<byte> header)
    {
        header.Slice(148, 8).Fill((byte)' ');
        int sum = 0;
        foreach (byte value in header)
            sum += value;
        Octal(header.Slice(148, 7), sum);
    }

    private static void Octal(Span<byte> field, long value)
    {
        string digits = Convert.ToString(value, 8).PadLeft(field.Length - 1, '0');
        Encoding.ASCII.GetBytes(digits).CopyTo(field);
        field[^1] = 0;
    }

    private static TarEntry Entry(TarEntryFormat format, TarEntryType type, string name) => format switch
    {
        TarEntryFormat.V7 => new V7TarEntry(type, name),
        TarEntryFormat.Ustar => new UstarTarEntry(type, name),
        TarEntryFormat.Pax => new PaxTarEntry(type, name),
        _ => new GnuTarEntry(type, name),
    };
}
