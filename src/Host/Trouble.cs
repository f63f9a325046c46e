using ReSTE.Native.Checkpoints;
using ReSTE.Native.Datasets;
using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>An exception in words for somebody who does not know the code, with the exit code it means.</summary>
internal static class Trouble
{
    /// <param name="problem">What was thrown.</param>
    /// <param name="details">Where its trace can be read; null where nowhere.</param>
    public static HostException Explain(Exception problem, string? details = null) => problem switch
    {
        HostException known => known,
        RecipeException => new(ExitCode.Misuse, problem.Message, null, problem),
        DatasetException => new(ExitCode.Data, problem.Message, null, problem),
        CheckpointException checkpoint => CheckpointTrouble.Explain(checkpoint),
        NonFiniteException => new(ExitCode.Failure, problem.Message, details, problem),
        CudaException failure => new(ExitCode.Failure, problem.Message, GpuFailure.Hint(failure, details), problem),
        DeviceMemoryException or NotSupportedException => new(ExitCode.Failure, problem.Message, null, problem),
        OutOfMemoryException => new(ExitCode.Failure, "out of memory", "a smaller --batch_size needs less", problem),
        IOException or UnauthorizedAccessException => new(ExitCode.Failure, problem.Message, null, problem),
        _ => new(ExitCode.Failure, $"unexpected {problem.GetType().Name}: {problem.Message}", details, problem),
    };
}
