using System.Runtime.CompilerServices;

namespace ReSTE.Native.Simd;

/// <summary>One single: for processors without vectors, and to read the vector kernels by.</summary>
internal readonly unsafe struct SimdScalar(float value) : ISimd<SimdScalar>
{
    private readonly float _value = value;

    public static int Width => 1;

    public static SimdScalar Zero => new(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdScalar Load(float* p) => new(*p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdScalar Broadcast(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* p) => *p = _value;

    public static SimdScalar LoadBytes(byte* p) => new(*p);

    public void StoreBytes(byte* p) => *p = (byte)_value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdScalar LoadShorts(short* p) => new(*p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddTo(double* target) => *target += _value;

    public static SimdScalar operator +(SimdScalar a, SimdScalar b) => new(a._value + b._value);

    public static SimdScalar operator -(SimdScalar a, SimdScalar b) => new(a._value - b._value);

    public static SimdScalar operator *(SimdScalar a, SimdScalar b) => new(a._value * b._value);

    public static SimdScalar operator /(SimdScalar a, SimdScalar b) => new(a._value / b._value);

    public static SimdScalar MultiplyAdd(SimdScalar a, SimdScalar b, SimdScalar c) => new(a._value * b._value + c._value);

    public static SimdScalar MultiplyAddOnce(SimdScalar a, SimdScalar b, SimdScalar c) =>
        new((float)((double)a._value * b._value + c._value));

    public static SimdScalar Abs(SimdScalar a) => new(MathF.Abs(a._value));

    public static SimdScalar Sqrt(SimdScalar a) => new(MathF.Sqrt(a._value));

    public static SimdScalar Max(SimdScalar a, SimdScalar b) => new(MathF.Max(a._value, b._value));

    public static SimdScalar SplitLog(SimdScalar a, out SimdScalar exponent, out SimdScalar log)
    {
        int bits = BitConverter.SingleToInt32Bits(a._value), above = bits - SplitBits.Least, whole = above >> SplitBits.Fraction;
        int index = (above >> (SplitBits.Fraction - SplitBits.Index)) & 15;
        (exponent, log) = (new SimdScalar(whole), new SimdScalar(SplitBits.Log[index]));
        float fraction = BitConverter.Int32BitsToSingle(bits - (whole << SplitBits.Fraction));
        return new SimdScalar(MathF.FusedMultiplyAdd(fraction, SplitBits.Inverse[index], -1));
    }

    public static SimdScalar PowerOfTwo(SimdScalar x, out SimdScalar rest)
    {
        float shifted = x._value + SplitBits.Sixteenths;
        rest = new SimdScalar(x._value - (shifted - SplitBits.Sixteenths));
        int bits = BitConverter.SingleToInt32Bits(shifted), power = BitConverter.SingleToInt32Bits(SplitBits.Power[bits & 15]);
        return new SimdScalar(BitConverter.Int32BitsToSingle(power + ((bits >> SplitBits.Index) << SplitBits.Fraction)));
    }

    public static SimdScalar Scale(SimdScalar a, SimdScalar n) =>
        new(BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(a._value) + ((int)n._value << SplitBits.Fraction)));

    public static SimdScalar Round(SimdScalar a) => new(MathF.Round(a._value));

    public static SimdScalar SelectLessOrEqual(SimdScalar x, SimdScalar bound, SimdScalar a, SimdScalar b) =>
        x._value <= bound._value ? a : b;

    public static SimdScalar SelectGreater(SimdScalar x, SimdScalar bound, SimdScalar a, SimdScalar b) => x._value > bound._value ? a : b;

    public static SimdScalar SelectLess(SimdScalar x, SimdScalar bound, SimdScalar a, SimdScalar b) => x._value < bound._value ? a : b;

    public uint NegativeMask() => _value < 0 ? 1u : 0;
}
