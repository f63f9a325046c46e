using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ReSTE.Native.Simd;

/// <summary>Eight words: AVX2. Bits are counted a nibble at a time by byte shuffle.</summary>
internal readonly unsafe struct BitSimd256(Vector256<uint> value) : IBitSimd<BitSimd256>
{
    private readonly Vector256<uint> _value = value;

    public static int Lanes => 8;

    // A byte of the partial count gains at most 8 a word.
    public static int Capacity => 31;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd256 Load(uint* words) => new(Vector256.Load(words));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd256 Broadcast(uint word) => new(Vector256.Create(word));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd256 operator ^(BitSimd256 a, BitSimd256 b) => new(a._value ^ b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd256 operator *(BitSimd256 a, BitSimd256 b) => new(a._value * b._value);

    // The instruction multiplies the lower halves of 64 bits: even lanes as they are, odd ones after a shift.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd256 MultiplyHigh(BitSimd256 a, BitSimd256 b)
    {
        Vector256<ulong> even = Avx2.Multiply(a._value, b._value) >>> 32;
        Vector256<ulong> odd = Avx2.Multiply((a._value.AsUInt64() >>> 32).AsUInt32(), (b._value.AsUInt64() >>> 32).AsUInt32());
        return new BitSimd256((even | (odd & Vector256.Create(0xFFFFFFFF00000000))).AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreHalves(BitSimd256 words, float* low, float* high)
    {
        Vector256.ConvertToSingle((words._value & Vector256.Create(0xFFFFu)).AsInt32()).Store(low);
        Vector256.ConvertToSingle((words._value >>> 16).AsInt32()).Store(high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd256 Count(BitSimd256 words, BitSimd256 partial) => Count(words, NibbleCounts, partial);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd256 CountTwofold(BitSimd256 words, BitSimd256 partial) => Count(words, NibbleCounts << 1, partial);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd256 CountFourfold(BitSimd256 words, BitSimd256 partial) => Count(words, NibbleCounts << 2, partial);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static BitSimd256 Count(BitSimd256 words, Vector256<byte> counts, BitSimd256 partial)
    {
        Vector256<byte> mask = Vector256.Create((byte)0x0F);
        Vector256<byte> low = words._value.AsByte() & mask, high = (words._value >>> 4).AsByte() & mask;
        Vector256<byte> sum = partial._value.AsByte() + Avx2.Shuffle(counts, low) + Avx2.Shuffle(counts, high);
        return new BitSimd256(sum.AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreJoined(BitSimd256 low, BitSimd256 high, uint* target) => (low._value | high._value << 16).Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd256 SumOf(BitSimd256 a, BitSimd256 b, BitSimd256 c) => new(a._value ^ b._value ^ c._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd256 CarryOf(BitSimd256 a, BitSimd256 b, BitSimd256 c) =>
        new((a._value & b._value) | (c._value & (a._value | b._value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd256 Flush(BitSimd256 partial, BitSimd256 total)
    {
        Vector256<short> pairs = Avx2.MultiplyAddAdjacent(partial._value.AsByte(), Vector256<sbyte>.One);
        return new BitSimd256(total._value + Avx2.MultiplyAddAdjacent(pairs, Vector256<short>.One).AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(BitSimd256 total, int valid, float factor, float* target, int lanes)
    {
        Vector256<int> dot = Vector256.Create(valid) - (total._value << 1).AsInt32();
        Vector256<float> y = Vector256.ConvertToSingle(dot) * factor;
        if (lanes >= Lanes)
        {
            y.Store(target);
            return;
        }

        for (int i = 0; i < lanes; i++)
            target[i] = y[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd256 Dots(BitSimd256 total, int* start) => new((Vector256.Load(start) - (total._value << 1).AsInt32()).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd256 Rectify(BitSimd256 dots) => new(Vector256.Max(dots._value.AsInt32(), Vector256<int>.Zero).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd256 operator +(BitSimd256 sum, BitSimd256 value) => new(sum._value + value._value);

    // The upper halves of the lanes are zero, so that the sum of two products is that of the lower ones.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd256 AddSquare(BitSimd256 value, BitSimd256 sum) =>
        new(sum._value + Avx2.MultiplyAddAdjacent(value._value.AsInt16(), value._value.AsInt16()).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreShorts(BitSimd256 dots, short* target, int lanes)
    {
        if (lanes >= Lanes)
        {
            Vector128.Narrow(dots._value.GetLower().AsInt32(), dots._value.GetUpper().AsInt32()).Store(target);
            return;
        }

        for (int i = 0; i < lanes; i++)
            target[i] = (short)dots._value[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddTo(BitSimd256 sums, double* target, int lanes)
    {
        if (lanes >= Lanes)
        {
            (Vector256.Load(target) + Avx.ConvertToVector256Double(sums._value.GetLower().AsInt32())).Store(target);
            (Vector256.Load(target + 4) + Avx.ConvertToVector256Double(sums._value.GetUpper().AsInt32())).Store(target + 4);
            return;
        }

        for (int i = 0; i < lanes; i++)
            target[i] += (int)sums._value[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd256 Singles(BitSimd256 dots) => new(Vector256.ConvertToSingle(dots._value.AsInt32()).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(BitSimd256 words, void* target) => words._value.Store((uint*)target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AtMost(BitSimd256 dots, BitSimd256 bounds) =>
        (uint)Vector256.LessThanOrEqual(dots._value.AsInt32(), bounds._value.AsInt32()).ExtractMostSignificantBits();

    // The bits in each nibble, 0 to 15, in every 128 bits. As one constant: put together of smaller ones, it would be so each time.
    private static Vector256<byte> NibbleCounts
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(
            0x0302020102010100, 0x0403030203020201, 0x0302020102010100, 0x0403030203020201).AsByte();
    }
}
