using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Messages;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>
/// Whether a data set finds room before it is read. On the CPU the images lie in memory twice: as they were read, and where the steps read
/// them. The whole run is compared with what is free once the images are there.
/// </summary>
internal static class DataMemory
{
    /// <summary>Opens the set, or says that it is too large.</summary>
    /// <param name="recipe">Names the data set.</param>
    /// <param name="path">Where it lies.</param>
    /// <param name="onCpu">Whether it is used on the CPU.</param>
    /// <param name="memory">What is free; null where nobody knows.</param>
    public static DataSplits Open(Recipe recipe, string? path, bool onCpu, DeviceMemory? memory)
    {
        var read = Data.Datasets.Bytes(recipe.Dataset, path, recipe.LimitTrain, recipe.LimitTest);
        // The files are read whole whatever the limits; how many images they hold is not known yet.
        var copied = onCpu && recipe is { LimitTrain: 0, LimitTest: 0 } ? read : 0;
        if (memory is { } known && read + copied > known.Free)
            throw TooLarge(recipe, read, copied, $"{known} are free", read <= known.Free, null);
        try
        {
            return Data.Datasets.Open(recipe.Dataset, path, recipe.LimitTrain, recipe.LimitTest);
        }
        catch (OutOfMemoryException problem)
        {
            // In a container the runtime allows itself three quarters.
            var allowed = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
            throw TooLarge(recipe, read, 0, $"the runtime may take {ByteSize.Text(allowed)} for everything it reads", false, problem);
        }
    }

    private static HostException TooLarge(Recipe recipe, long read, long copied, string but, bool canBeRead, Exception? problem) => new(
        ExitCode.Failure,
        $"the data set {recipe.Dataset} is too large for the memory: it takes {ByteSize.Text(read + copied)}"
            + (copied > 0 ? $" ({ByteSize.Text(read)} as it is read, {ByteSize.Text(copied)} for the steps), and {but}" : $", and {but}"),
        canBeRead ? $"{SettingFlags.Of(nameof(Recipe.LimitTrain))} trains on fewer images"
            : $"its files are read whole: give it more memory, or use {SettingFlags.Of(nameof(Recipe.Dataset))} {ShapesDefaults.Dataset}",
        problem);
}
