namespace ReSTE.Native.Devices;

/// <summary>
/// What a device does at most, measured on the device itself and not taken from a data sheet; a second, on the CPU a second of one thread.
/// 0 for what it was not measured for.
/// </summary>
/// <param name="Bytes">Bytes of a large copy, those read and those written.</param>
/// <param name="Bits">
/// Multiply-adds of signs with signs: of b1 matrix instructions on a GPU, of int8 ones where it has none, of popcounts on the CPU.
/// </param>
/// <param name="Sign">
/// Multiply-adds that reals are multiplied by signs with: of bf16 matrix instructions on a GPU, of vectors on the CPU.
/// </param>
/// <param name="Real">Multiply-adds of reals in single precision: of a GPU's plain units, of vectors on the CPU.</param>
public sealed record DeviceRates(double Bytes, double Bits, double Sign, double Real)
{
    /// <summary>Seconds that a piece of work takes at least: its bytes or its multiply-adds, whichever takes longer.</summary>
    public double Floor(in LaunchWork work) => Math.Max(Over(work.Bytes, Bytes), Matrix(work));

    /// <summary>Seconds that its multiply-adds take at least.</summary>
    public double Matrix(in LaunchWork work) => Over(work.Bits, Bits) + Over(work.Sign, Sign) + Over(work.Real, Real);

    private static double Over(long count, double rate) => rate > 0 ? count / rate : 0;
}
