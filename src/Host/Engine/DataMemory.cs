using ReSTE.Native.Devices;
using ReSTE.Native.Messages;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>
/// Whether a data set finds room before it is read. On the CPU the images lie in memory twice: as they were read, and where the steps read them. The whole
/// run is compared with what is free once the images are there.
/// </summary>
internal static class DataMemory
{
    /// <param name="recipe">Names the data set.</param>
    /// <param name="path">Where it lies.</param>
    /// <param name="device">Where it is to be used.</param>
    /// <param name="memory">What is free; null where nobody knows.</param>
    public static void Check(Recipe recipe, string? path, DeviceChoice device, DeviceMemory? memory)
    {
        if (memory is not { } known)
            return;
        var read = Data.Datasets.Bytes(recipe.Dataset, path, recipe.LimitTrain, recipe.LimitTest);
        // The files are read whole whatever the limits; how many images they hold is not known yet.
        var isLimited = recipe.LimitTrain > 0 || recipe.LimitTest > 0;
        var copied = device.Kind == DeviceKind.Cpu && !isLimited ? read : 0;
        if (read + copied <= known.Free)
            return;
        var twice = copied > 0 ? $" twice, {ByteSize.Text(read)} as it is read and {ByteSize.Text(copied)} for the steps" : "";
        throw new HostException(ExitCode.Failure,
            $"the data set {recipe.Dataset} is too large for the memory: it takes {ByteSize.Text(read + copied)}{twice}, and {known} are free",
            read <= known.Free ? $"{SettingFlags.Of(nameof(Recipe.LimitTrain))} trains on fewer images" : null);
    }
}
