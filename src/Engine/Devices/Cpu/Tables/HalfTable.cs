using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// The eight sums a±b±c±d with a positive, which one register of 256 bits holds: one permute fetches the sum that the signs of b, c and d
/// against that of a choose, and a multiply-add gives it the sign of a as it adds it. A choice is that sign as ±1, with the place in the
/// table in its lowest three bits; a permute reads nothing else. Needs AVX2 with FMA.
/// </summary>
/// <remarks>
/// Measured on one Zen 5 core, four rows by two vectors in the first-level cache, G products/s: this 184, permute and exclusive or and
/// addition 148, two permutes and a blend of a whole table 101, a table of three without a sign 141, multiply-adds of ±1 61, sign by
/// exclusive or 63. Byte shuffles of 16-bit sums 312, but two of them, and the carry between them, would make the digits of a single.
/// </remarks>
internal static unsafe class HalfTable
{
    /// <summary>Values in a sum.</summary>
    public const int Values = 4;

    /// <summary>Singles in a table, and lanes of a vector of choices.</summary>
    public const int Size = 8;

    /// <summary>+1, and no place.</summary>
    private const int One = 0x3F800000;

    /// <summary>The sums of four values; entry i counts b, c and d negative where bits 0, 1 and 2 of i are set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Sums(float a, float b, float c, float d)
    {
        Vector256<float> s0 = Vector256.Create(1f, -1, 1, -1, 1, -1, 1, -1);
        Vector256<float> s1 = Vector256.Create(1f, 1, -1, -1, 1, 1, -1, -1);
        Vector256<float> s2 = Vector256.Create(1f, 1, 1, 1, -1, -1, -1, -1);
        Vector256<float> low = Vector256.FusedMultiplyAdd(Vector256.Create(b), s0, Vector256.Create(a));
        return low + Vector256.FusedMultiplyAdd(Vector256.Create(d), s2, Vector256.Create(c) * s1);
    }

    /// <summary>sum + what each lane's choice means.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> table, Vector256<float> choices, Vector256<float> sum)
    {
        // The compiler makes the ±1 once for all tables that one vector of choices is used with.
        Vector256<float> signs = (choices.AsInt32() & Vector256.Create(~(Size - 1))).AsSingle();
        return Vector256.FusedMultiplyAdd(Avx2.PermuteVar8x32(table, choices.AsInt32()), signs, sum);
    }

    /// <summary>
    /// The words of signs of four values, 32 of each, as <see cref="Choices"/> takes them: word j has the eight of byte j, in its bytes
    /// those of b, c and d against a, and of a.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Interleave(Vector128<uint> signs)
    {
        Vector128<uint> against = signs ^ (Vector128.Shuffle(signs, Vector128<uint>.Zero) & Vector128.Create(0, ~0u, ~0u, ~0u));
        return Vector128.Shuffle(against.AsByte(), Vector128.Create((byte)4, 8, 12, 0, 5, 9, 13, 1, 6, 10, 14, 2, 7, 11, 15, 3)).AsUInt32();
    }

    /// <summary>Eight choices from one of the words that <see cref="Interleave"/> makes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Choices(uint interleaved)
    {
        Vector256<uint> lanes = Avx2.ShiftRightLogicalVariable(Vector256.Create(interleaved), Vector256.Create(0u, 1, 2, 3, 4, 5, 6, 7));
        Vector256<byte> bits = (lanes & Vector256.Create(0x01010101u)).AsByte();
        Vector256<sbyte> weights = Vector256.Create(1 | 2 << 8 | 4 << 16 | 0x80 << 24).AsSByte();
        Vector256<int> sums = Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(bits, weights), Vector256<short>.One);
        // -128 where a is negative, which sets the sign, and the place.
        return ((sums & Vector256.Create(int.MinValue | (Size - 1))) | Vector256.Create(One)).AsSingle();
    }

    /// <summary>One choice; bits 0 to 3 are the signs of a to d.</summary>
    public static float Choice(uint signs)
    {
        uint first = signs & 1, against = ((signs >> 1) ^ (first * 7)) & 7;
        return BitConverter.UInt32BitsToSingle((first << 31) | One | against);
    }
}
