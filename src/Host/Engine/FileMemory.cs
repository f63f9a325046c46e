using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>
/// Says that it is a file or a data set that finds no memory, where that is being read: no batch has anything to do with it.
/// </summary>
internal static class FileMemory
{
    /// <summary>Reads a checkpoint, of this program or another.</summary>
    public static T OfCheckpoint<T>(string path, Func<T> read) =>
        Of(read, $"'{path}' and its tensors are larger than what is free", null);

    /// <summary>Reads the images of a data set, or finds them.</summary>
    public static T OfImages<T>(Recipe recipe, Func<T> read) => Of(
        read, $"the data set {recipe.Dataset} takes more than what is free while it is read", "give it more memory");

    private static T Of<T>(Func<T> read, string what, string? hint)
    {
        try
        {
            return read();
        }
        catch (OutOfMemoryException problem)
        {
            throw new HostException(ExitCode.Failure, $"out of memory: {what}", hint, problem);
        }
    }
}
