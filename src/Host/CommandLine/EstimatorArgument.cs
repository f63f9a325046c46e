namespace ReSTE.Native.Host;

/// <summary>Reads name=value pairs; the last of a repeated name counts.</summary>
internal static class EstimatorArgument
{
    public static IReadOnlyDictionary<string, double> Read(IReadOnlyList<string> pairs)
    {
        var read = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            var cut = pair.IndexOf('=', StringComparison.Ordinal);
            if (cut < 1)
                throw new FormatException($"'{pair}' is not of the form name=value");
            read[pair[..cut]] = Numbers.Real(pair[(cut + 1)..], RealRange.Any);
        }
        return read;
    }
}
