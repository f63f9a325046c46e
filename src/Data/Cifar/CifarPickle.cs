using ReSTE.Native.Datasets;

namespace ReSTE.Native.Data.Cifar;

/// <summary>The Python form of a batch: data, labels, file names and a title in a pickle.</summary>
internal static class CifarPickle
{
    /// <summary>Reads a batch from a file's bytes; the path is for messages only.</summary>
    /// <exception cref="DatasetException">The bytes are not a batch.</exception>
    public static CifarBatch Parse(byte[] file, string path, CifarSet set)
    {
        var entries = PickleMachine.Run(file, path, set);
        if (entries.Data is not { } data)
            throw set.Damaged(path, "the dictionary has no entry 'data'");
        if (entries.Labels is not { } labels)
            throw set.Damaged(path, $"the dictionary has no entry '{set.LabelsKey}'");
        if (labels.Count != data.A)
            throw set.Damaged(path, $"{data.A} images but {labels.Count} labels");
        if (entries.CoarseLabels is { } coarse && coarse.Count != data.A)
            throw set.Damaged(path, $"{data.A} images but {coarse.Count} coarse labels");
        if (entries.FileNames is { } names && names.Count != data.A)
            throw set.Damaged(path, $"{data.A} images but {names.Count} file names");
        return new CifarBatch(file, data.B, CifarBatch.ImageBytes, labels.Labels()) { Title = entries.Title };
    }
}
