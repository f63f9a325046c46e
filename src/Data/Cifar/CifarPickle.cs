using ReSTE.Native.Training;

namespace ReSTE.Native.Data.Cifar;

/// <summary>The Python form of a batch: data, labels, file names and a title in a pickle.</summary>
internal static class CifarPickle
{
    public static CifarBatch Read(string path) => Parse(BatchFile.ReadAll(path), path);

    /// <summary>Reads a batch from a file's bytes; the path is for messages only.</summary>
    /// <exception cref="DatasetException">The bytes are not a batch.</exception>
    public static CifarBatch Parse(byte[] file, string path)
    {
        var entries = PickleMachine.Run(file, path);
        if (entries.Data is not { } data)
            throw BatchFile.Damaged(path, "the dictionary has no entry 'data'");
        if (entries.Labels is not { } labels)
            throw BatchFile.Damaged(path, "the dictionary has no entry 'labels'");
        if (labels.Count != data.A)
            throw BatchFile.Damaged(path, $"{data.A} images but {labels.Count} labels");
        if (entries.FileNames is { } names && names.Count != data.A)
            throw BatchFile.Damaged(path, $"{data.A} images but {names.Count} file names");
        return new CifarBatch(file, data.B, CifarBatch.ImageBytes, labels.Labels());
    }
}
