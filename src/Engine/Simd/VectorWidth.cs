using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ReSTE.Native.Simd;

/// <summary>What vectors the processor has.</summary>
internal static class VectorWidth
{
    /// <summary>Bits of the widest that is used here; 32 for none.</summary>
    public static int Widest =>
        Vector512.IsHardwareAccelerated && Avx512BW.IsSupported && Bmi2.X64.IsSupported ? 512 :
        Vector256.IsHardwareAccelerated && Avx2.IsSupported && Fma.IsSupported ? 256 :
        Vector128.IsHardwareAccelerated ? 128 : 32;
}
