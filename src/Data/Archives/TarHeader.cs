using System.Text;

namespace ReSTE.Native.Data.Archives;

/// <summary>The header of a tar archive's member, in the fields that all of tar's dialects share.</summary>
/// <param name="Name">Its path, without leading "./".</param>
/// <param name="Size">Bytes that follow the header.</param>
/// <param name="Type">The dialects' letter for what it is.</param>
internal readonly record struct TarHeader(string Name, long Size, char Type)
{
    /// <summary>Headers and contents start at multiples of this.</summary>
    public const int Block = 512;

    private static readonly Range s_name = ..100, s_size = 124..136, s_sum = 148..156, s_magic = 257..263, s_prefix = 345..500;
    private const int TypeAt = 156;

    public bool IsFile => Type is '0' or '\0';

    /// <summary>Whether it is no member but says more of the next one, or of all; nothing this program reads needs that.</summary>
    public bool IsExtension => Type is 'x' or 'g' or 'L' or 'K';

    /// <summary>Links, devices, folders and pipes, which have no content.</summary>
    public bool IsWithoutContent => Type is >= '1' and <= '6';

    /// <summary>Whether the path is one that unpacking could take out of the folder it is unpacked in.</summary>
    public bool ClimbsOut => Name.StartsWith('/') || Name.Contains(':') || Name.Contains('\\') || Name.Split('/').Contains("..");

    /// <summary>Whether it has the mark of the dialects since POSIX and GNU.</summary>
    public static bool IsMarked(ReadOnlySpan<byte> block) => block[s_magic].StartsWith("ustar"u8);

    /// <summary>Reads a header, null where the block is none: its sum or a number is wrong, or it names nothing.</summary>
    public static TarHeader? Parse(ReadOnlySpan<byte> block)
    {
        long sum = 8 * ' ';
        foreach (byte value in block)
            sum += value;
        foreach (byte value in block[s_sum])
            sum -= value;
        if (Octal(block[s_sum]) != sum || Octal(block[s_size]) is not { } size)
            return null;
        string name = Text(block[s_name]);
        if (block[s_magic].SequenceEqual("ustar\0"u8) && block[s_prefix][0] != 0)
            name = $"{Text(block[s_prefix])}/{name}";
        while (name.StartsWith("./", StringComparison.Ordinal))
            name = name[2..];
        return new(name, size, (char)block[TypeAt]);
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return Encoding.Latin1.GetString(end < 0 ? field : field[..end]);
    }

    /// <summary>Octal digits between spaces, up to a zero byte; null for anything else.</summary>
    private static long? Octal(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        var digits = (end < 0 ? field : field[..end]).Trim((byte)' ');
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'7'))
            return null;
        long value = 0;
        foreach (byte digit in digits)
            value = value * 8 + digit - '0';
        return value;
    }
}
