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

    // Its processors count the bits of a word as quickly as they combine two.
    public static bool SavesCarries => false;

    public static BitSimdScalar CountFour(uint* a, uint* b, uint* c, uint* d,
        in (BitSimdScalar A, BitSimdScalar B, BitSimdScalar C, BitSimdScalar D) w, ref BitSimdScalar ones, ref BitSimdScalar twos,
        BitSimdScalar partial) =>
        Count(new(*a ^ w.A._value), Count(new(*b ^ w.B._value), Count(new(*c ^ w.C._value), Count(new(*d ^ w.D._value), partial))));

    public static BitSimdScalar CountCarried(BitSimdScalar ones, BitSimdScalar twos, BitSimdScalar partial) =>
        Count(ones, Count(twos, Count(twos, partial)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimdScalar Dots(BitSimdScalar total, int* bases) =>
        new(BitConverter.SingleToUInt32Bits(*bases - 2 * (int)total._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(BitSimdScalar words, void* target) => *(uint*)target = words._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AtMost(BitSimdScalar total, int* bases, int* bounds) => *bases - 2 * (int)total._value <= *bounds ? 1u : 0;
}
