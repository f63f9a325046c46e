namespace ReSTE.Native.Inference;

/// <summary>
/// A GPU that cannot be used, or that failed: there is none, its driver or kernels are missing, or a call of the driver was refused. The
/// message is one line that says which.
/// </summary>
public sealed class GpuException : Exception
{
    internal GpuException(Exception problem) : base(problem.Message, problem)
    {
    }
}
