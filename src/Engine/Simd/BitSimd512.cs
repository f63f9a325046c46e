using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ReSTE.Native.Simd;

/// <summary>Sixteen words: AVX-512BW. Bits are counted a nibble at a time by byte shuffle, .NET 10 having no VPOPCNTD.</summary>
internal readonly unsafe struct BitSimd512(Vector512<uint> value) : IBitSimd<BitSimd512>
{
    // Of three bits in each place: whether an odd number of them is set, and whether at least two are.
    private const byte Parity = 0x96, Majority = 0xE8;

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

    public static bool SavesCarries => true;

    // One method of many instructions: the compiler limits how many methods it inlines into one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd512 CountFour(uint* a, uint* b, uint* c, uint* d, in (BitSimd512 A, BitSimd512 B, BitSimd512 C, BitSimd512 D) w,
        ref BitSimd512 ones, ref BitSimd512 twos, BitSimd512 partial)
    {
        Vector512<uint> one = ones._value, two = twos._value;
        Vector512<uint> xa = Vector512.Create(*a) ^ w.A._value, xb = Vector512.Create(*b) ^ w.B._value;
        Vector512<uint> xc = Vector512.Create(*c) ^ w.C._value, xd = Vector512.Create(*d) ^ w.D._value;
        Vector512<uint> first = Avx512F.TernaryLogic(one, xa, xb, Majority);
        one = Avx512F.TernaryLogic(one, xa, xb, Parity);
        Vector512<uint> second = Avx512F.TernaryLogic(one, xc, xd, Majority);
        Vector512<uint> four = Avx512F.TernaryLogic(two, first, second, Majority);
        ones = new BitSimd512(Avx512F.TernaryLogic(one, xc, xd, Parity));
        twos = new BitSimd512(Avx512F.TernaryLogic(two, first, second, Parity));
        Vector512<byte> count = Avx512BW.Shuffle(Fours, Low(four)) + Avx512BW.Shuffle(Fours, Low(four >>> 4));
        return new BitSimd512((partial._value.AsByte() + count).AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd512 CountCarried(BitSimd512 ones, BitSimd512 twos, BitSimd512 partial)
    {
        Vector512<byte> count = Avx512BW.Shuffle(Counts, Low(twos._value)) + Avx512BW.Shuffle(Counts, Low(twos._value >>> 4));
        return Count(ones, new BitSimd512((partial._value.AsByte() + count + count).AsUInt32()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd512 Count(BitSimd512 words, BitSimd512 partial)
    {
        Vector512<byte> count = Avx512BW.Shuffle(Counts, Low(words._value)) + Avx512BW.Shuffle(Counts, Low(words._value >>> 4));
        return new BitSimd512((partial._value.AsByte() + count).AsUInt32());
    }

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
    public static BitSimd512 Dots(BitSimd512 total, int* bases) => new(Vector512.ConvertToSingle(Sums(total, bases)).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(BitSimd512 words, void* target) => words._value.Store((uint*)target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AtMost(BitSimd512 total, int* bases, int* bounds) =>
        (uint)Vector512.LessThanOrEqual(Sums(total, bases), Vector512.Load(bounds)).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Sums(BitSimd512 total, int* bases) => Vector512.Load(bases) - (total._value << 1).AsInt32();

    // The lower nibble of each byte.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Low(Vector512<uint> words) => words.AsByte() & Vector512.Create((byte)0x0F);

    // Bits set in a nibble, and times four; once in each lane of a shuffle.
    private static Vector512<byte> Counts
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create((byte)
            0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
            0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
            0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
            0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    }

    private static Vector512<byte> Fours
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create((byte)
            0, 4, 4, 8, 4, 8, 8, 12, 4, 8, 8, 12, 8, 12, 12, 16,
            0, 4, 4, 8, 4, 8, 8, 12, 4, 8, 8, 12, 8, 12, 12, 16,
            0, 4, 4, 8, 4, 8, 8, 12, 4, 8, 8, 12, 8, 12, 12, 16,
            0, 4, 4, 8, 4, 8, 8, 12, 4, 8, 8, 12, 8, 12, 12, 16);
    }
}
