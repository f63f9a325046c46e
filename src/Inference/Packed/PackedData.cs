using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ReSTE.Native.Packed;

/// <summary>
/// The numbers of a packed file, one array after the other, each on the next multiple of four bytes, little-endian. Nothing is allocated
/// that the file does not hold.
/// </summary>
internal sealed class PackedData(ReadOnlyMemory<byte> bytes)
{
    /// <summary>Counts that fit in 16 bits have bounds of 16 bits.</summary>
    public const int MostShort = short.MaxValue - 1;

    private int _at;

    /// <summary>Bytes that nothing has asked for.</summary>
    public int Left => bytes.Length - _at;

    /// <summary>Finite numbers.</summary>
    public float[] Singles(int rows, int row = 1)
    {
        float[] values = Take<float>(rows, row);
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
                throw new PackedException("its data hold a number that is not finite");
        }

        return values;
    }

    /// <summary>Words of signs.</summary>
    public uint[] Words(int rows, int row) => Take<uint>(rows, row);

    /// <summary>Weights of a byte.</summary>
    public sbyte[] Bytes(int rows, int row) => Take<sbyte>(rows, row);

    /// <summary>Bounds of counts of some taps.</summary>
    public int[] Bounds(int channels, int taps) =>
        taps <= MostShort ? Array.ConvertAll(Take<short>(channels, 1), bound => (int)bound) : Take<int>(channels, 1);

    private T[] Take<T>(int rows, int row) where T : unmanaged
    {
        int size = Marshal.SizeOf<T>();
        long length = (long)rows * row * size;
        if (rows < 1 || row < 1 || length > Left)
            throw new PackedException($"its header asks for {rows} x {row} numbers of {size} bytes where {Left} bytes are left");
        ReadOnlySpan<byte> from = bytes.Span.Slice(_at, (int)length);
        _at = Math.Min(bytes.Length, _at + ((int)length + 3) / 4 * 4);
        T[] values = MemoryMarshal.Cast<byte, T>(from).ToArray();
        if (!BitConverter.IsLittleEndian)
            Reverse(MemoryMarshal.AsBytes(values.AsSpan()), size);
        return values;
    }

    private static void Reverse(Span<byte> bytes, int size)
    {
        for (int at = 0; at < bytes.Length; at += size)
            bytes.Slice(at, size).Reverse();
    }

    /// <summary>Writes numbers the way that they are read.</summary>
    public sealed class Writer(Stream stream)
    {
        public void Singles(float[] values)
        {
            var bytes = new byte[values.Length * sizeof(float)];
            for (int i = 0; i < values.Length; i++)
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
            Put(bytes);
        }

        public void Words(uint[] values)
        {
            var bytes = new byte[values.Length * sizeof(uint)];
            for (int i = 0; i < values.Length; i++)
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * sizeof(uint)), values[i]);
            Put(bytes);
        }

        public void Bytes(sbyte[] values) => Put(MemoryMarshal.AsBytes(values.AsSpan()));

        public void Bounds(int[] values, int taps)
        {
            if (taps > MostShort)
            {
                Words(Array.ConvertAll(values, value => (uint)value));
                return;
            }

            var bytes = new byte[values.Length * sizeof(short)];
            for (int i = 0; i < values.Length; i++)
                BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(i * sizeof(short)), checked((short)values[i]));
            Put(bytes);
        }

        private void Put(ReadOnlySpan<byte> bytes)
        {
            stream.Write(bytes);
            stream.Write(new byte[-bytes.Length & 3]);
        }
    }
}
