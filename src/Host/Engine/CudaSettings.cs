namespace ReSTE.Native.Host;

/// <summary>What the environment says about the CUDA device. The engine reads only which library to load.</summary>
/// <param name="KernelFolder">RESTE_KERNELS: a folder whose kernel images stand in for the embedded ones; null for those.</param>
/// <param name="Synchronous">RESTE_CUDA_SYNC=1: every launch is waited for, slow, but a failure names its kernel.</param>
/// <param name="PlainKernels">RESTE_PLAIN_KERNELS=1: tensor cores are left alone, slow, to compare with.</param>
/// <param name="Tf32">RESTE_TF32=1: real convolutions take their numbers in tf32, faster and coarser.</param>
/// <param name="DependentLaunches">
/// RESTE_DEPENDENT_LAUNCHES=1: each kernel of a step is made ready while the one before still runs, where GPU and driver can do that.
/// </param>
internal sealed record CudaSettings(
    string? KernelFolder, bool Synchronous, bool PlainKernels, bool Tf32 = false, bool DependentLaunches = false)
{
    /// <summary>Read where the engine loads the library.</summary>
    public const string LibraryVariable = "RESTE_LIBCUDA";

    public const string KernelVariable = "RESTE_KERNELS";

    public const string SynchronousVariable = "RESTE_CUDA_SYNC";

    public const string PlainVariable = "RESTE_PLAIN_KERNELS";

    public const string Tf32Variable = "RESTE_TF32";

    public const string DependentVariable = "RESTE_DEPENDENT_LAUNCHES";

    public static CudaSettings FromEnvironment() =>
        new(Value(KernelVariable), IsOn(SynchronousVariable), IsOn(PlainVariable), IsOn(Tf32Variable), IsOn(DependentVariable));

    private static bool IsOn(string variable) => Value(variable) is { } text && text != "0";

    private static string? Value(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? text : null;
}
