using ReSTE.Native.Checkpoints;
using ReSTE.Native.Datasets;
using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Inference;
using ReSTE.Native.Messages;
using ReSTE.Native.Packed;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>
/// An exception in words for somebody who does not know the code, with the exit code it means. The words are made of what the exception
/// holds, and call settings by their flags.
/// </summary>
internal static class Trouble
{
    /// <param name="problem">What was thrown.</param>
    /// <param name="details">Where its trace can be read; null where nowhere.</param>
    public static HostException Explain(Exception problem, string? details = null) => problem switch
    {
        HostException known => known,
        RecipeException recipe => new(ExitCode.Misuse, Words(recipe), null, problem),
        DatasetException data => new(ExitCode.Data, problem.Message, Hint(data), problem),
        CheckpointException checkpoint => CheckpointTrouble.Explain(checkpoint),
        PackedException packed => new(ExitCode.Checkpoint, packed.Message, null, problem),
        NonFiniteException diverged => new(ExitCode.Failure, Words(diverged), details, problem),
        CudaException failure => new(ExitCode.Failure, problem.Message, GpuFailure.Hint(failure, details), problem),
        GpuException => new(ExitCode.Failure, problem.Message, null, problem),
        KernelImageException => new(ExitCode.NoGpu, problem.Message, KernelHint(), problem),
        DeviceMemoryException memory => new(ExitCode.Failure, Words(memory), Hint(memory), problem),
        // Files, images and networks that find no room have their own words; this is whatever else there is.
        OutOfMemoryException => new(ExitCode.Failure, "out of memory",
            $"give it more memory; where it trains, a smaller {SettingFlags.Of(nameof(Recipe.BatchSize))} needs less", problem),
        NotSupportedException or IOException or UnauthorizedAccessException => new(ExitCode.Failure, problem.Message, null, problem),
        _ => new(ExitCode.Failure, $"unexpected {problem.GetType().Name}: {problem.Message}", details, problem),
    };

    private static string? KernelHint() => CudaSettings.FromEnvironment().KernelFolder == null ? null
        : $"without {CudaSettings.KernelVariable} the kernels inside the program serve";

    private static string Words(RecipeException problem) => $"{SettingFlags.Given(problem.Setting, problem.Value)}: {problem.Expected}";

    private static string? Hint(DatasetException problem) => problem.Kind switch
    {
        DatasetFault.Missing => $"or use {SettingFlags.Of(nameof(Recipe.Dataset))} {ShapesDefaults.Dataset}",
        DatasetFault.OtherDataset when problem.Dataset is not null => $"use {SettingFlags.Of(nameof(Recipe.Dataset))} {problem.Dataset}",
        _ => null,
    };

    private static string Words(NonFiniteException problem) =>
        $"epoch {Numbers.Text(problem.Epoch + 1)}: {problem.What}; a lower {SettingFlags.Of(nameof(Recipe.LearningRate))} usually helps";

    private static string Words(DeviceMemoryException problem)
    {
        var (device, needs) = (problem.Device, problem.Needs);
        var need = $"{device} has too little memory: {Words(problem.Batch)} needs {ByteSize.Text(needs.Total)} ({needs})";
        return problem.Memory is { } memory
            ? $"{need}, and {memory} are free; {Advice(problem)}{Taken(problem)}"
            : $"{need}; smaller batches need less";
    }

    private static string Taken(DeviceMemoryException problem) => problem.TakenMeanwhile == 0 ? ""
        : $"; another program took {ByteSize.Text(problem.TakenMeanwhile)} meanwhile";

    private static string Advice(DeviceMemoryException problem) => problem.Fitting is { } fitting
        ? $"{Words(fitting, withTrain: fitting.Train != problem.Batch.Train)} fits"
        : problem.IsNetworkTooLarge ? "the program and the network alone are too much"
        : problem.IsDataTooLarge ? "the data alone is too much"
        : "not even batches of 2 images fit";

    private static string? Hint(DeviceMemoryException problem) =>
        problem.IsDataTooLarge
            ? $"{SettingFlags.Of(nameof(Recipe.LimitTrain))} and {SettingFlags.Of(nameof(Recipe.LimitTest))} take fewer images"
            : problem.IsNetworkTooLarge ? "give it more memory" : null;

    private static string Words(BatchSizes batch, bool withTrain = true)
    {
        var train = SettingFlags.Given(nameof(Recipe.BatchSize), Numbers.Text(batch.Train));
        if (batch.Test is not { } size)
            return train;
        var test = SettingFlags.Given(nameof(Recipe.BatchSizeTest), Numbers.Text(size));
        return withTrain ? $"{train} with {test}" : test;
    }
}
