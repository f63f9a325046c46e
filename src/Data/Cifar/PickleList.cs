namespace ReSTE.Native.Data.Cifar;

/// <summary>
/// A list of a batch file: either labels below <paramref name="classes"/>, which are kept, or file names, which are only counted.
/// </summary>
internal sealed class PickleList(int classes)
{
    // Two bytes of file make one label, so doubling never holds more than the file does.
    private readonly List<byte> _labels = [];

    public int Strings { get; private set; }

    public int Count => _labels.Count + Strings;

    /// <summary>The largest label, -1 where there is none.</summary>
    public int Largest { get; private set; } = -1;

    public bool AllLabels => Strings == 0;

    public bool AllStrings => _labels.Count == 0;

    /// <summary>Appends an item and says whether it is one that such a list may hold.</summary>
    public bool TryAdd(PickleValue item)
    {
        if (item.Kind == PickleKind.String && AllStrings)
        {
            Strings++;
            return true;
        }

        if (item.Kind != PickleKind.Integer || !AllLabels || item.A < 0 || item.A >= classes)
            return false;
        _labels.Add((byte)item.A);
        Largest = Math.Max(Largest, item.A);
        return true;
    }

    public byte[] Labels() => [.. _labels];
}
