namespace ReSTE.Native.Messages;

/// <summary>Finds the known name that somebody probably meant.</summary>
internal static class NearestName
{
    /// <summary>
    /// "did you mean 'x'?" for the known name closest to <paramref name="text"/>, or the list of them where none is close.
    /// </summary>
    public static string Hint(string text, IReadOnlyList<string> known)
    {
        string? best = Find(text, known);
        return best is not null ? $"did you mean '{best}'?" : $"known: {string.Join(", ", known)}";
    }

    /// <summary>The closest known name, or null where none is near enough to be what was meant.</summary>
    public static string? Find(string text, IEnumerable<string> known)
    {
        string plain = Plain(text);
        string? best = null;
        // A name of two letters is near to every other: no guess.
        int bestDistance = plain.Trim('_').Length <= 2 ? 0 : Math.Max(1, plain.Length / 3) + 1;
        foreach (string name in known)
        {
            int distance = Distance(plain, Plain(name));
            if (distance < bestDistance)
                (best, bestDistance) = (name, distance);
        }

        return best;
    }

    private static string Plain(string text) => text.ToLowerInvariant().Replace('-', '_');

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that turn one text into the other.</summary>
    private static int Distance(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int change = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(change, 1 + Math.Min(d[i - 1, j], d[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}
