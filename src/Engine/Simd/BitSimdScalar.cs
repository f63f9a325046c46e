using System.Numerics;
using System.Runtime.CompilerServices;

namespace ReSTE.Native.Simd;

/// <summary>One word: for processors without byte shuffles.</summary>
internal readonly unsafe struct BitSimdScalar(uint value) : IBitSimd<BitSimdScalar>
{
    private readonly uint _value = value;

    public static int Lanes => 1;

    public static int Capacity => 1 << 20;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimdScalar Load(uint* words) => new(*words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimdScalar Broadcast(uint word) => new(word);

    public static BitSimdScalar operator ^(BitSimdScalar a, BitSimdScalar b) => new(a._value ^ b._value);

    public static BitSimdScalar operator *(BitSimdScalar a, BitSimdScalar b) => new(a._value * b._value);

    public static BitSimdScalar MultiplyHigh(BitSimdScalar a, BitSimdScalar b) => new((uint)(((ulong)a._value * b._value) >> 32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreHalves(BitSimdScalar words, float* low, float* high) =>
        (*low, *high) = (words._value & 0xFFFF, words._value >> 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimdScalar Count(BitSimdScalar words, BitSimdScalar partial) =>
        new(partial._value + (uint)BitOperations.PopCount(words._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimdScalar Flush(BitSimdScalar partial, BitSimdScalar total) => new(total._value + partial._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(BitSimdScalar total, int valid, float factor, float* target, int lanes) =>
        *target = factor * (valid - 2 * (int)total._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimdScalar CountTwofold(BitSimdScalar words, BitSimdScalar partial) =>
        new(partial._value + 2 * (uint)BitOperations.PopCount(words._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimdScalar CountFourfold(BitSimdScalar words, BitSimdScalar partial) =>
        new(partial._value + 4 * (uint)BitOperations.PopCount(words._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreJoined(BitSimdScalar low, BitSimdScalar high, uint* target) => *target = low._value | high._value << 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimdScalar SumOf(BitSimdScalar a, BitSimdScalar b, BitSimdScalar c) => new(a._value ^ b._value ^ c._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimdScalar CarryOf(BitSimdScalar a, BitSimdScalar b, BitSimdScalar c) =>
        new((a._value & b._value) | (c._value & (a._value | b._value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimdScalar Dots(BitSimdScalar total, int* start) => new((uint)(*start - 2 * (int)total._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimdScalar Rectify(BitSimdScalar dots) => new((uint)Math.Max((int)dots._value, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimdScalar operator +(BitSimdScalar sum, BitSimdScalar value) => new(sum._value + value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimdScalar AddSquare(BitSimdScalar value, BitSimdScalar sum) => new(sum._value + value._value * value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreShorts(BitSimdScalar dots, short* target, int lanes) => *target = (short)dots._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddTo(BitSimdScalar sums, double* target, int lanes) => *target += (int)sums._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimdScalar Singles(BitSimdScalar dots) => new(BitConverter.SingleToUInt32Bits((int)dots._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(BitSimdScalar words, void* target) => *(uint*)target = words._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AtMost(BitSimdScalar dots, BitSimdScalar bounds) => (int)dots._value <= (int)bounds._value ? 1u : 0;
}
