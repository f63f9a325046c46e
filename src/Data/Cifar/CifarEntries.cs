using ReSTE.Native.Datasets;
using ReSTE.Native.Messages;
using ReSTE.Native.Pickles;

namespace ReSTE.Native.Data.Cifar;

/// <summary>The entries of a batch's dictionary; each key may come once, and no other key may come.</summary>
internal sealed class CifarEntries(CifarSet set, Func<string, DatasetException> damaged)
{
    private const int LongestTitle = 100;

    public PickledArray? Data { get; private set; }

    public byte[]? Labels { get; private set; }

    public byte[]? CoarseLabels { get; private set; }

    /// <summary>How many file names there are.</summary>
    public int? FileNames { get; private set; }

    /// <summary>What the batch calls itself; null where it says nothing.</summary>
    public string? Title { get; private set; }

    /// <summary>Takes all of them.</summary>
    public void Read(PickleDictionary dictionary)
    {
        foreach (var (key, value) in dictionary.Entries)
            Add(EncodedBytes.Plain(key), EncodedBytes.Plain(value));
    }

    private void Add(PickleValue key, PickleValue value)
    {
        if (Data is null && key.Is("data"))
            Data = PickledArray.Of(value, damaged);
        else if (Labels is null && key.Is(set.LabelsKey))
            Labels = Classes(value, set.LabelsKey, set.Classes);
        else if (CoarseLabels is null && set.CoarseClasses > 0 && key.Is("coarse_labels"))
            CoarseLabels = Classes(value, "coarse_labels", set.CoarseClasses);
        else if (FileNames is null && key.Is("filenames") && value.List is { } names && names.All(IsText))
            FileNames = names.Count;
        else if (Title is null && key.Is("batch_label") && IsText(value))
            Title = OneLine.Of(value.Text() ?? "", LongestTitle);
        else
        {
            string name = OneLine.Of(key.Text() ?? key.ToString(), LongestTitle);
            throw damaged($"a dictionary entry '{name}' of {value} that no {set.Title} batch has, or once only");
        }
    }

    private static bool IsText(PickleValue value) =>
        value.Kind is PickleKind.Text or PickleKind.Bytes || value.Call is { Function.Whole: EncodedBytes.Function };

    private byte[] Classes(PickleValue value, string key, int classes)
    {
        if (value.List is not { } list)
            throw damaged($"the entry '{key}' is {value} where a list was expected");
        byte[] labels = new byte[list.Count];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = list[i] is { Kind: PickleKind.Integer, Number: >= 0 } item && item.Number < classes
                ? (byte)item.Number
                : throw damaged($"item {i} of the entry '{key}' is {list[i]} where a label from 0 to {classes - 1} was expected");
        }

        return labels;
    }
}
