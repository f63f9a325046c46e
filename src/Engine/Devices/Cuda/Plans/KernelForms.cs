namespace ReSTE.Native.Devices.Cuda;

/// <summary>Which kernels a device takes where there are several for the same operation.</summary>
/// <param name="Plain">Leaves tensor cores alone: the plain kernels are slow, and what the others are compared with.</param>
/// <param name="Tf32">Multiplies reals with reals in tf32 on tensor cores, which is faster and coarser than bf16 parts.</param>
/// <param name="Signs">
/// How tensor cores multiply signs by signs: a form that the GPU has as an instruction, unless a test asks for another.
/// </param>
internal readonly record struct KernelForms(bool Plain, bool Tf32, SignForm Signs)
{
    /// <summary>
    /// Blocks of whole images that a unit must have to do the second half of the one before: fewer would leave most of a GPU idle, which is
    /// worth more than a launch. A test may ask for fewer.
    /// </summary>
    public int FewestImageBlocks { get; init; } = 128;

    /// <summary>In words, for the description of a device.</summary>
    public override string ToString() =>
        Plain ? "plain ones" : SignForms.Text(Signs) + (Tf32 ? ", real layers in tf32" : "");
}
