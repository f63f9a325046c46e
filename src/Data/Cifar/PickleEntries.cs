namespace ReSTE.Native.Data.Cifar;

/// <summary>The entries of a batch file's dictionary; each key may come once, and no other key may come.</summary>
internal sealed class PickleEntries(PickleCursor cursor)
{
    private const int LongestTitle = 100;

    public PickleValue? Data { get; private set; }

    public PickleList? Labels { get; private set; }

    public PickleList? CoarseLabels { get; private set; }

    public PickleList? FileNames { get; private set; }

    /// <summary>What the batch calls itself; null where it says nothing.</summary>
    public string? Title { get; private set; }

    public void Add(PickleValue key, PickleValue value, int offset)
    {
        if (Data is null && cursor.Is(key, "data") && value.Kind == PickleKind.Array)
            Data = value;
        else if (Labels is null && cursor.Is(key, cursor.Set.LabelsKey) && value.List is { AllLabels: true } labels)
            Labels = labels;
        else if (CoarseLabels is null && IsCoarse(key) && value.List is { AllLabels: true } coarse)
            CoarseLabels = Checked(coarse, offset);
        else if (FileNames is null && cursor.Is(key, "filenames") && value.List is { AllStrings: true } names)
            FileNames = names;
        else if (Title is null && cursor.Is(key, "batch_label") && value.Kind == PickleKind.String)
            Title = cursor.Text(value, LongestTitle);
        else
        {
            throw cursor.Unexpected(
                offset, $"a dictionary entry of {key.Kind} and {value.Kind} that no {cursor.Set.Title} batch has, or once only");
        }
    }

    private bool IsCoarse(PickleValue key) => cursor.Set.CoarseClasses > 0 && cursor.Is(key, "coarse_labels");

    private PickleList Checked(PickleList coarse, int offset) => coarse.Largest < cursor.Set.CoarseClasses
        ? coarse
        : throw cursor.Unexpected(offset, $"coarse label {coarse.Largest} where 0 to {cursor.Set.CoarseClasses - 1} was expected");
}
