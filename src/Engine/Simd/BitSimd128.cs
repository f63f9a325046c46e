using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace ReSTE.Native.Simd;

/// <summary>Four words: bits are counted a byte at a time where an instruction does it (Neon), else a nibble by byte shuffle.</summary>
internal readonly unsafe struct BitSimd128(Vector128<uint> value) : IBitSimd<BitSimd128>
{
    private readonly Vector128<uint> _value = value;

    public static int Lanes => 4;

    // A byte of the partial count gains at most 8 a word.
    public static int Capacity => 31;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd128 Load(uint* words) => new(Vector128.Load(words));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd128 Broadcast(uint word) => new(Vector128.Create(word));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd128 operator ^(BitSimd128 a, BitSimd128 b) => new(a._value ^ b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd128 operator *(BitSimd128 a, BitSimd128 b) => new(a._value * b._value);

    // Products of 64 bits: of even lanes as they are, of odd ones after a shift.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd128 MultiplyHigh(BitSimd128 a, BitSimd128 b)
    {
        Vector128<ulong> lower = Vector128.Create(0xFFFFFFFFUL), x = a._value.AsUInt64(), y = b._value.AsUInt64();
        Vector128<ulong> even = ((x & lower) * (y & lower)) >>> 32, odd = (x >>> 32) * (y >>> 32);
        return new BitSimd128((even | (odd & ~lower)).AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreHalves(BitSimd128 words, float* low, float* high)
    {
        Vector128.ConvertToSingle((words._value & Vector128.Create(0xFFFFu)).AsInt32()).Store(low);
        Vector128.ConvertToSingle((words._value >>> 16).AsInt32()).Store(high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd128 Count(BitSimd128 words, BitSimd128 partial) => new((partial._value.AsByte() + CountOf(words, 1)).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd128 CountTwofold(BitSimd128 words, BitSimd128 partial) =>
        new((partial._value.AsByte() + CountOf(words, 2)).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd128 CountFourfold(BitSimd128 words, BitSimd128 partial) =>
        new((partial._value.AsByte() + CountOf(words, 4)).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreJoined(BitSimd128 low, BitSimd128 high, uint* target) => (low._value | high._value << 16).Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd128 SumOf(BitSimd128 a, BitSimd128 b, BitSimd128 c) => new(a._value ^ b._value ^ c._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd128 CarryOf(BitSimd128 a, BitSimd128 b, BitSimd128 c) =>
        new((a._value & b._value) | (c._value & (a._value | b._value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd128 Flush(BitSimd128 partial, BitSimd128 total)
    {
        Vector128<uint> bytes = Vector128.Create(0x00FF00FFu), pairs = (partial._value & bytes) + ((partial._value >>> 8) & bytes);
        return new BitSimd128(total._value + (pairs & Vector128.Create(0xFFFFu)) + (pairs >>> 16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(BitSimd128 total, int valid, float factor, float* target, int lanes)
    {
        Vector128<int> dot = Vector128.Create(valid) - (total._value << 1).AsInt32();
        Vector128<float> y = Vector128.ConvertToSingle(dot) * factor;
        if (lanes >= Lanes)
        {
            y.Store(target);
            return;
        }

        for (int i = 0; i < lanes; i++)
            target[i] = y[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd128 Dots(BitSimd128 total, int* start) => new((Vector128.Load(start) - (total._value << 1).AsInt32()).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd128 Rectify(BitSimd128 dots) => new(Vector128.Max(dots._value.AsInt32(), Vector128<int>.Zero).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd128 operator +(BitSimd128 sum, BitSimd128 value) => new(sum._value + value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd128 AddSquare(BitSimd128 value, BitSimd128 sum) => new(sum._value + value._value * value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreShorts(BitSimd128 dots, short* target, int lanes)
    {
        if (lanes >= Lanes)
        {
            Vector128.Narrow(dots._value.AsInt32(), dots._value.AsInt32()).GetLower().Store(target);
            return;
        }

        for (int i = 0; i < lanes; i++)
            target[i] = (short)dots._value[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddTo(BitSimd128 sums, double* target, int lanes)
    {
        for (int i = 0; i < Math.Min(lanes, Lanes); i++)
            target[i] += (int)sums._value[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd128 Singles(BitSimd128 dots) => new(Vector128.ConvertToSingle(dots._value.AsInt32()).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(BitSimd128 words, void* target) => words._value.Store((uint*)target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AtMost(BitSimd128 dots, BitSimd128 bounds) =>
        (uint)Vector128.LessThanOrEqual(dots._value.AsInt32(), bounds._value.AsInt32()).ExtractMostSignificantBits();

    /// <summary>The bits set in each byte, times a small factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> CountOf(BitSimd128 words, byte factor)
    {
        if (AdvSimd.IsSupported)
            return AdvSimd.PopCount(words._value.AsByte()) * factor;
        Vector128<byte> counts = Vector128.Create((byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4) * factor;
        Vector128<byte> mask = Vector128.Create((byte)0x0F);
        Vector128<byte> low = words._value.AsByte() & mask, high = (words._value >>> 4).AsByte() & mask;
        return Vector128.ShuffleNative(counts, low) + Vector128.ShuffleNative(counts, high);
    }
}
