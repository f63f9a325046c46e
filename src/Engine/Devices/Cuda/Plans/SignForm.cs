using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// How tensor cores multiply signs by signs: <c>xnor_forms.cuh</c>. All give the same whole numbers; a GPU computes each of them, but where
/// it lacks the instruction, in many.
/// </summary>
internal enum SignForm
{
    /// <summary>Bits that are set in both, and those set in either counted besides.</summary>
    And,

    /// <summary>Bits that differ.</summary>
    Xor,

    /// <summary>Bytes of +1 and -1.</summary>
    Int8,
}

/// <summary>Which form suits a GPU, and what is said of it.</summary>
internal static class SignForms
{
    /// <summary>The one that a compute capability has as an instruction: from 8.0 to 8.9 XOR, 9.0 AND, later ones none for bits.</summary>
    public static SignForm Of(int major) => major switch
    {
        8 => SignForm.Xor,
        9 => SignForm.And,
        _ => SignForm.Int8,
    };

    /// <summary>
    /// Whether the sizes of a convolution suit a kernel of <c>xnor_mma.cuh</c>: of a filter's words there is room for a whole last round,
    /// and of its taps' bits for a side.
    /// </summary>
    public static bool Suit(in ConvGeometry g, CudaKernel kernel) => g.O % 8 == 0 && g.K <= kernel.Constant("xnor_most_taps")
        && g.K * g.K * Bits.Words(g.I) + 8 <= kernel.Constant("xnor_most_words");

    /// <summary>In words, for the description of a device.</summary>
    public static string Text(SignForm form) => form switch
    {
        SignForm.And => "signs as bits by AND",
        SignForm.Xor => "signs as bits by XOR",
        _ => "signs as int8, for its tensor cores multiply no bits",
    };
}
