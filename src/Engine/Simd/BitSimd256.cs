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

    public static bool SavesCarries => true;

    // One method of many instructions: the compiler limits how many methods it inlines into one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd256 CountFour(uint* a, uint* b, uint* c, uint* d, in (BitSimd256 A, BitSimd256 B, BitSimd256 C, BitSimd256 D) w,
        ref BitSimd256 ones, ref BitSimd256 twos, BitSimd256 partial)
    {
        Vector256<uint> one = ones._value, two = twos._value;
        Vector256<uint> xa = Vector256.Create(*a) ^ w.A._value, xb = Vector256.Create(*b) ^ w.B._value;
        Vector256<uint> xc = Vector256.Create(*c) ^ w.C._value, xd = Vector256.Create(*d) ^ w.D._value;
        Vector256<uint> first = (one & xa) | (xb & (one ^ xa));
        one = one ^ xa ^ xb;
        Vector256<uint> second = (one & xc) | (xd & (one ^ xc));
        Vector256<uint> four = (two & first) | (second & (two ^ first));
        ones = new BitSimd256(one ^ xc ^ xd);
        twos = new BitSimd256(two ^ first ^ second);
        Vector256<byte> count = Avx2.Shuffle(Fours, Low(four)) + Avx2.Shuffle(Fours, Low(four >>> 4));
        return new BitSimd256((partial._value.AsByte() + count).AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd256 CountCarried(BitSimd256 ones, BitSimd256 twos, BitSimd256 partial)
    {
        Vector256<byte> count = Avx2.Shuffle(Counts, Low(twos._value)) + Avx2.Shuffle(Counts, Low(twos._value >>> 4));
        return Count(ones, new BitSimd256((partial._value.AsByte() + count + count).AsUInt32()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BitSimd256 Count(BitSimd256 words, BitSimd256 partial)
    {
        Vector256<byte> count = Avx2.Shuffle(Counts, Low(words._value)) + Avx2.Shuffle(Counts, Low(words._value >>> 4));
        return new BitSimd256((partial._value.AsByte() + count).AsUInt32());
    }

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
    public static BitSimd256 Dots(BitSimd256 total, int* bases) => new(Vector256.ConvertToSingle(Sums(total, bases)).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(BitSimd256 words, void* target) => words._value.Store((uint*)target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AtMost(BitSimd256 total, int* bases, int* bounds) =>
        (uint)Vector256.LessThanOrEqual(Sums(total, bases), Vector256.Load(bounds)).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Sums(BitSimd256 total, int* bases) => Vector256.Load(bases) - (total._value << 1).AsInt32();

    // The lower nibble of each byte.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Low(Vector256<uint> words) => words.AsByte() & Vector256.Create((byte)0x0F);

    // Bits set in a nibble, and times four; once in each lane of a shuffle.
    private static Vector256<byte> Counts
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create((byte)
            0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
            0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    }

    private static Vector256<byte> Fours
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create((byte)
            0, 4, 4, 8, 4, 8, 8, 12, 4, 8, 8, 12, 8, 12, 12, 16,
            0, 4, 4, 8, 4, 8, 8, 12, 4, 8, 8, 12, 8, 12, 12, 16);
    }
}
