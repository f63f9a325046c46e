using ReSTE.Native.Datasets;
using ReSTE.Native.Pickles;

namespace ReSTE.Native.Data.Cifar;

/// <summary>
/// The Python form of a batch: data, labels, file names and a title in a pickle, as Python 2 wrote it, or as it is written again by
/// Python 3, with keys of text or of bytes, by any NumPy.
/// </summary>
internal static class CifarPickle
{
    /// <summary>Reads a batch from a file's bytes; the path is for messages only.</summary>
    /// <exception cref="DatasetException">The bytes are not a batch.</exception>
    public static CifarBatch Parse(byte[] file, string path, CifarSet set)
    {
        DatasetException Damaged(string what) => set.Damaged(path, what);
        var entries = new CifarEntries(set, Damaged);
        try
        {
            entries.Read(Root(file, Damaged, set));
        }
        catch (PickleException refusal)
        {
            throw Damaged(refusal.Message);
        }

        if (entries.Data is not { } data)
            throw Damaged("the dictionary has no entry 'data'");
        if (entries.Labels is not { } labels)
            throw Damaged($"the dictionary has no entry '{set.LabelsKey}'");
        if (labels.Length != data.Rows)
            throw Damaged($"{data.Rows} images but {labels.Length} labels");
        if (entries.CoarseLabels is { } coarse && coarse.Length != data.Rows)
            throw Damaged($"{data.Rows} images but {coarse.Length} coarse labels");
        if (entries.FileNames is { } names && names != data.Rows)
            throw Damaged($"{data.Rows} images but {names} file names");
        return new CifarBatch(data.Buffer, data.Start, CifarBatch.ImageBytes, labels) { Title = entries.Title };
    }

    private static PickleDictionary Root(byte[] file, Func<string, DatasetException> damaged, CifarSet set)
    {
        var result = PickleMachine.Run(file, 0, PickledArray.Rules(set));
        if (result.End != file.Length)
            throw damaged($"byte {result.End}: bytes after the pickle's end");
        return result.Value.Dictionary ?? throw damaged($"something else than a dictionary: {result.Value}");
    }
}
