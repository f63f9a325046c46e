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

    public static SimdScalar operator +(SimdScalar a, SimdScalar b) => new(a._value + b._value);

    public static SimdScalar operator -(SimdScalar a, SimdScalar b) => new(a._value - b._value);

    public static SimdScalar operator *(SimdScalar a, SimdScalar b) => new(a._value * b._value);

    public static SimdScalar operator /(SimdScalar a, SimdScalar b) => new(a._value / b._value);

    public static SimdScalar MultiplyAdd(SimdScalar a, SimdScalar b, SimdScalar c) => new(a._value * b._value + c._value);

    public static SimdScalar Abs(SimdScalar a) => new(MathF.Abs(a._value));

    public static SimdScalar Max(SimdScalar a, SimdScalar b) => new(MathF.Max(a._value, b._value));

    public static SimdScalar Log(SimdScalar a) => new(MathF.Log(a._value));

    public static SimdScalar Exp(SimdScalar a) => new(MathF.Exp(a._value));

    public static SimdScalar SelectLessOrEqual(SimdScalar x, SimdScalar bound, SimdScalar a, SimdScalar b) => x._value <= bound._value ? a : b;

    public static SimdScalar SelectGreater(SimdScalar x, SimdScalar bound, SimdScalar a, SimdScalar b) => x._value > bound._value ? a : b;
}
