using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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

    /// <summary>Sums of every fourth lane: a pixel's four channels.</summary>
    static abstract Vector128<int> Fold(TSelf sum);

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
    public static Vector128<int> Fold(Lanes16 sum)
    {
        Vector256<int> half = sum._value.GetLower() + sum._value.GetUpper();
        return half.GetLower() + half.GetUpper();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes16 sum, ref byte to)
    {
        Vector512<uint> shifted = (sum._value >>> Taps.Precision).AsUInt32();
        Vector256<ushort> words = Vector256.Narrow(shifted.GetLower(), shifted.GetUpper());
        Vector128.Narrow(words.GetLower(), words.GetUpper()).StoreUnsafe(ref to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Widen(ref byte bytes) =>
        Vector512.WidenLower(Vector512.WidenLower(Vector128.LoadUnsafe(ref bytes).ToVector256Unsafe().ToVector512Unsafe())).AsInt32();
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
    public static Vector128<int> Fold(Lanes8 sum) => sum._value.GetLower() + sum._value.GetUpper();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes8 sum, ref byte to)
    {
        Vector256<uint> shifted = (sum._value >>> Taps.Precision).AsUInt32();
        Vector128<ushort> words = Vector128.Narrow(shifted.GetLower(), shifted.GetUpper());
        Unsafe.WriteUnaligned(ref to, Vector128.Narrow(words, words).AsUInt64().ToScalar());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Widen(ref byte bytes) => Vector256.WidenLower(
        Vector256.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(ref bytes)).AsByte().ToVector256Unsafe())).AsInt32();
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

    public static Vector128<int> Fold(Lanes4 sum) => sum._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes4 sum, ref byte to) => Unsafe.WriteUnaligned(ref to, Pixel(sum._value));

    /// <summary>The four sums as bytes, lowest first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Pixel(Vector128<int> sum)
    {
        // The lowest byte of each sum: a single instruction where there is one.
        Vector128<byte> places = Vector128.Create(0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, (byte)12);
        return Vector128.Shuffle((sum >>> Taps.Precision).AsByte(), places).AsUInt32().ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Widen(ref byte bytes) => Vector128.WidenLower(
        Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(ref bytes)).AsByte())).AsInt32();
}
