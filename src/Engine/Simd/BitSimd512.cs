using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ReSTE.Native.Simd;

/// <summary>Sixteen words: AVX-512BW. Bits are counted a nibble at a time by byte shuffle, .NET 10 having no VPOPCNTD.</summary>
internal readonly unsafe struct BitSimd512(Vector512<uint> value) : IBitSimd<BitSimd512>
{
    private readonly Vector512<uint> _value = value;

    public static int Lanes => 16;

    // A byte of the partial count gains at most 8 a word.
    public static int Capacity => 31;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd512 Load(uint* words) => new(Vector512.Load(words));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd512 Broadcast(uint word) => new(Vector512.Create(word));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd512 operator ^(BitSimd512 a, BitSimd512 b) => new(a._value ^ b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd512 operator *(BitSimd512 a, BitSimd512 b) => new(a._value * b._value);

    // The instruction multiplies the lower halves of 64 bits: even lanes as they are, odd ones after a shift.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd512 MultiplyHigh(BitSimd512 a, BitSimd512 b)
    {
        Vector512<ulong> even = Avx512F.Multiply(a._value, b._value) >>> 32;
        Vector512<ulong> odd = Avx512F.Multiply((a._value.AsUInt64() >>> 32).AsUInt32(), (b._value.AsUInt64() >>> 32).AsUInt32());
        return new BitSimd512((even | (odd & Vector512.Create(0xFFFFFFFF00000000))).AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreHalves(BitSimd512 words, float* low, float* high)
    {
        Vector512.ConvertToSingle((words._value & Vector512.Create(0xFFFFu)).AsInt32()).Store(low);
        Vector512.ConvertToSingle((words._value >>> 16).AsInt32()).Store(high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd512 Count(BitSimd512 words, BitSimd512 partial) => Count(words, NibbleCounts, partial);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd512 CountTwofold(BitSimd512 words, BitSimd512 partial) => Count(words, NibbleCounts << 1, partial);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd512 CountFourfold(BitSimd512 words, BitSimd512 partial) => Count(words, NibbleCounts << 2, partial);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static BitSimd512 Count(BitSimd512 words, Vector512<byte> counts, BitSimd512 partial)
    {
        Vector512<byte> mask = Vector512.Create((byte)0x0F);
        Vector512<byte> low = words._value.AsByte() & mask, high = (words._value >>> 4).AsByte() & mask;
        Vector512<byte> sum = partial._value.AsByte() + Avx512BW.Shuffle(counts, low) + Avx512BW.Shuffle(counts, high);
        return new BitSimd512(sum.AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreJoined(BitSimd512 low, BitSimd512 high, uint* target) => (low._value | high._value << 16).Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd512 SumOf(BitSimd512 a, BitSimd512 b, BitSimd512 c) =>
        new(Avx512F.TernaryLogic(a._value, b._value, c._value, 0x96));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd512 CarryOf(BitSimd512 a, BitSimd512 b, BitSimd512 c) =>
        new(Avx512F.TernaryLogic(a._value, b._value, c._value, 0xE8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd512 Flush(BitSimd512 partial, BitSimd512 total)
    {
        Vector512<short> pairs = Avx512BW.MultiplyAddAdjacent(partial._value.AsByte(), Vector512<sbyte>.One);
        return new BitSimd512(total._value + Avx512BW.MultiplyAddAdjacent(pairs, Vector512<short>.One).AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(BitSimd512 total, int valid, float factor, float* target, int lanes)
    {
        Vector512<int> dot = Vector512.Create(valid) - (total._value << 1).AsInt32();
        Vector512<float> y = Vector512.ConvertToSingle(dot) * factor;
        if (lanes >= Lanes)
        {
            y.Store(target);
            return;
        }

        for (int i = 0; i < lanes; i++)
            target[i] = y[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd512 Dots(BitSimd512 total, int* start) => new((Vector512.Load(start) - (total._value << 1).AsInt32()).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd512 Rectify(BitSimd512 dots) => new(Vector512.Max(dots._value.AsInt32(), Vector512<int>.Zero).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd512 operator +(BitSimd512 sum, BitSimd512 value) => new(sum._value + value._value);

    // The upper halves of the lanes are zero, so that the sum of two products is that of the lower ones.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd512 AddSquare(BitSimd512 value, BitSimd512 sum) =>
        new(sum._value + Avx512BW.MultiplyAddAdjacent(value._value.AsInt16(), value._value.AsInt16()).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreShorts(BitSimd512 dots, short* target, int lanes)
    {
        if (lanes >= Lanes)
        {
            Avx512F.ConvertToVector256Int16(dots._value.AsInt32()).Store(target);
            return;
        }

        for (int i = 0; i < lanes; i++)
            target[i] = (short)dots._value[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddTo(BitSimd512 sums, double* target, int lanes)
    {
        if (lanes >= Lanes)
        {
            Vector512<double> low = Avx512F.ConvertToVector512Double(sums._value.GetLower().AsInt32());
            Vector512<double> high = Avx512F.ConvertToVector512Double(sums._value.GetUpper().AsInt32());
            (Vector512.Load(target) + low).Store(target);
            (Vector512.Load(target + 8) + high).Store(target + 8);
            return;
        }

        for (int i = 0; i < lanes; i++)
            target[i] += (int)sums._value[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd512 Singles(BitSimd512 dots) => new(Vector512.ConvertToSingle(dots._value.AsInt32()).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(BitSimd512 words, void* target) => words._value.Store((uint*)target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AtMost(BitSimd512 dots, BitSimd512 bounds) =>
        (uint)Vector512.LessThanOrEqual(dots._value.AsInt32(), bounds._value.AsInt32()).ExtractMostSignificantBits();

    // The bits in each nibble, 0 to 15, in every 128 bits. As one constant: put together of smaller ones, it would be so each time.
    private static Vector512<byte> NibbleCounts
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(
            0x0302020102010100, 0x0403030203020201, 0x0302020102010100, 0x0403030203020201,
            0x0302020102010100, 0x0403030203020201, 0x0302020102010100, 0x0403030203020201).AsByte();
    }
}
