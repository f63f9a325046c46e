namespace ReSTE.Native.StateFiles;

/// <summary>The sum that zip archives carry of each member: polynomial 0xEDB88320, eight bytes at a time.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private const int Slices = 8;

    private static readonly uint[][] s_tables = Tables();

    /// <summary>The sum of some bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        while (bytes.Length >= Slices)
        {
            uint next = 0;
            for (int i = 0; i < Slices; i++)
                next ^= s_tables[Slices - 1 - i][i < sizeof(uint) ? bytes[i] ^ (byte)(crc >> (8 * i)) : bytes[i]];
            crc = next;
            bytes = bytes[Slices..];
        }

        foreach (byte value in bytes)
            crc = (crc >> 8) ^ s_tables[0][(byte)crc ^ value];
        return ~crc;
    }

    /// <summary>Table k, entry b: what byte b does to the sum when k zero bytes follow it.</summary>
    private static uint[][] Tables()
    {
        var tables = new uint[Slices][];
        tables[0] = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint entry = i;
            for (int bit = 0; bit < 8; bit++)
                entry = (entry & 1) != 0 ? (entry >> 1) ^ Polynomial : entry >> 1;
            tables[0][i] = entry;
        }

        for (int k = 1; k < Slices; k++)
            tables[k] = Array.ConvertAll(tables[k - 1], entry => (entry >> 8) ^ tables[0][(byte)entry]);
        return tables;
    }
}
