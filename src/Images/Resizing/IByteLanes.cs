using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ReSTE.Native.Images.Resizing;

/// <summary>A vector of 32-bit sums that takes bytes in and gives bytes back, in one width.</summary>
internal interface IByteLanes<TSelf> where TSelf : struct, IByteLanes<TSelf>
{
    /// <summary>Sums in a vector, and bytes that it reads; a multiple of four.</summary>
    static abstract int Count { get; }

    static abstract TSelf Fill(int value);

    /// <summary>this + bytes * weights, the weights read one a lane.</summary>
    static abstract TSelf AddProduct(TSelf sum, ref byte bytes, ref int weights);

    /// <summary>this + bytes * weight.</summary>
    static abstract TSelf AddProduct(TSelf sum, ref byte bytes, int weight);

    /// <summary>
    /// Four pixels out of a vector of sums for each: every fourth lane added up, one half as well, the bits after the point dropped.
    /// </summary>
    static abstract Vector128<byte> Pixels(TSelf a, TSelf b, TSelf c, TSelf d);

    /// <summary>Drops the bits after the point and writes <see cref="Count"/> bytes.</summary>
    static abstract void Store(TSelf sum, ref byte to);
}

/// <summary>16 lanes.</summary>
internal readonly struct Lanes16(Vector512<int> value) : IByteLanes<Lanes16>
{
    private readonly Vector512<int> _value = value;

    public static int Count => Vector512<int>.Count;

    public static Lanes16 Fill(int value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 AddProduct(Lanes16 sum, ref byte bytes, ref int weights) =>
        new(sum._value + Widen(ref bytes) * Vector512.LoadUnsafe(ref weights));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 AddProduct(Lanes16 sum, ref byte bytes, int weight) => new(sum._value + Widen(ref bytes) * weight);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Pixels(Lanes16 a, Lanes16 b, Lanes16 c, Lanes16 d) =>
        Bytes(Vector512.Create(Lanes8.Folded(Half(a), Half(b)), Lanes8.Folded(Half(c), Half(d))) + Vector512.Create(Taps.Half));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes16 sum, ref byte to) => Bytes(sum._value).StoreUnsafe(ref to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Half(Lanes16 sum) => sum._value.GetLower() + sum._value.GetUpper();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Bytes(Vector512<int> sum)
    {
        Vector512<uint> shifted = (sum >>> Taps.Precision).AsUInt32();
        if (Avx512F.IsSupported)
            return Avx512F.ConvertToVector128Byte(shifted);
        Vector256<ushort> words = Vector256.Narrow(shifted.GetLower(), shifted.GetUpper());
        return Vector128.Narrow(words.GetLower(), words.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Widen(ref byte bytes)
    {
        Vector128<byte> read = Vector128.LoadUnsafe(ref bytes);
        // In one instruction where there is one.
        return Avx512F.IsSupported
            ? Avx512F.ConvertToVector512Int32(read)
            : Vector512.WidenLower(Vector512.WidenLower(read.ToVector256Unsafe().ToVector512Unsafe())).AsInt32();
    }
}

/// <summary>8 lanes.</summary>
internal readonly struct Lanes8(Vector256<int> value) : IByteLanes<Lanes8>
{
    private readonly Vector256<int> _value = value;

    public static int Count => Vector256<int>.Count;

    public static Lanes8 Fill(int value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 AddProduct(Lanes8 sum, ref byte bytes, ref int weights) =>
        new(sum._value + Widen(ref bytes) * Vector256.LoadUnsafe(ref weights));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 AddProduct(Lanes8 sum, ref byte bytes, int weight) => new(sum._value + Widen(ref bytes) * weight);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Pixels(Lanes8 a, Lanes8 b, Lanes8 c, Lanes8 d) =>
        Vector128.Narrow(Words(Folded(a._value, b._value)), Words(Folded(c._value, d._value)));

    /// <summary>The halves of each added up, those of the second after those of the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Folded(Vector256<int> a, Vector256<int> b) => Avx2.IsSupported
        ? Avx2.Permute2x128(a, b, 0x20) + Avx2.Permute2x128(a, b, 0x31)
        : Vector256.Create(a.GetLower() + a.GetUpper(), b.GetLower() + b.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> Words(Vector256<int> sum)
    {
        Vector256<uint> shifted = ((sum + Vector256.Create(Taps.Half)) >>> Taps.Precision).AsUInt32();
        return Vector128.Narrow(shifted.GetLower(), shifted.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes8 sum, ref byte to)
    {
        Vector256<uint> shifted = (sum._value >>> Taps.Precision).AsUInt32();
        Vector128<ushort> words = Vector128.Narrow(shifted.GetLower(), shifted.GetUpper());
        Unsafe.WriteUnaligned(ref to, Vector128.Narrow(words, words).AsUInt64().ToScalar());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Widen(ref byte bytes)
    {
        Vector128<byte> read = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(ref bytes)).AsByte();
        return Avx2.IsSupported
            ? Avx2.ConvertToVector256Int32(read)
            : Vector256.WidenLower(Vector256.WidenLower(read.ToVector256Unsafe())).AsInt32();
    }
}

/// <summary>4 lanes, on every processor.</summary>
internal readonly struct Lanes4(Vector128<int> value) : IByteLanes<Lanes4>
{
    private readonly Vector128<int> _value = value;

    public static int Count => Vector128<int>.Count;

    public static Lanes4 Fill(int value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 AddProduct(Lanes4 sum, ref byte bytes, ref int weights) =>
        new(sum._value + Widen(ref bytes) * Vector128.LoadUnsafe(ref weights));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 AddProduct(Lanes4 sum, ref byte bytes, int weight) => new(sum._value + Widen(ref bytes) * weight);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Pixels(Lanes4 a, Lanes4 b, Lanes4 c, Lanes4 d) =>
        Vector128.Narrow(Words(a._value, b._value), Words(c._value, d._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes4 sum, ref byte to)
    {
        // The lowest byte of each sum: a single instruction where there is one.
        Vector128<byte> places = Vector128.Create(0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, (byte)12);
        uint bytes = Vector128.Shuffle((sum._value >>> Taps.Precision).AsByte(), places).AsUInt32().ToScalar();
        Unsafe.WriteUnaligned(ref to, bytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> Words(Vector128<int> low, Vector128<int> high)
    {
        Vector128<int> half = Vector128.Create(Taps.Half);
        return Vector128.Narrow(((low + half) >>> Taps.Precision).AsUInt32(), ((high + half) >>> Taps.Precision).AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Widen(ref byte bytes)
    {
        Vector128<byte> read = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(ref bytes)).AsByte();
        return Sse41.IsSupported
            ? Sse41.ConvertToVector128Int32(read)
            : Vector128.WidenLower(Vector128.WidenLower(read)).AsInt32();
    }
}
