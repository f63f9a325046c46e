namespace ReSTE.Native.Host;

/// <summary>What the classes of a data set are called.</summary>
internal static class ClassNames
{
    /// <summary>Their names; numbers where nobody named them.</summary>
    public static IReadOnlyList<string> Of(string dataset, int count)
    {
        IReadOnlyList<string> names = Data.Datasets.ClassNames(dataset);
        return names.Count == count ? names : [.. Enumerable.Range(0, count).Select(i => $"class {Numbers.Text(i)}")];
    }
}
