namespace ReSTE.Native.Data.Cifar;

/// <summary>A batch file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Title">What the official one of Python's form calls itself.</param>
/// <param name="Images">How many the official one holds.</param>
/// <param name="MostBytes">What no official one is larger than.</param>
/// <param name="Md5">The official one's sum; null where it is not known.</param>
internal sealed record CifarFile(string Name, string Title, int Images, int MostBytes, string? Md5)
{
    /// <summary>
    /// What none is larger than that another program has written again: Python 3 writes bytes in protocol 2 as text, half as long again.
    /// </summary>
    public int MostBytesRewritten => MostBytes / 2 * 3;

    private const string Testing = "testing batch ", Training = "training batch ";

    /// <summary>Whether it is the one for testing.</summary>
    public bool IsTest => Title.StartsWith(Testing, StringComparison.Ordinal);

    /// <summary>One of a number of batches of 10,000 images for training: the official ones have 30.7 to 31.1 million bytes.</summary>
    public static CifarFile Train10000(string name, int number, int of, string? md5) =>
        new(name, $"{Training}{number} of {of}", 10_000, 32 << 20, md5);

    /// <summary>The one batch of 50,000 images for training: the official ones have 153.7 and 155.3 million bytes.</summary>
    public static CifarFile Train50000(string name, string? md5) => new(name, Training + "1 of 1", 50_000, 160 << 20, md5);

    /// <summary>The batch of 10,000 images for testing.</summary>
    public static CifarFile Test10000(string name, string? md5) => new(name, Testing + "1 of 1", 10_000, 32 << 20, md5);

    /// <summary>Whether a title says that the batch is another one; words of other people's own say nothing.</summary>
    public bool IsContradictedBy(string title) => title != Title
        && (title.StartsWith(Training, StringComparison.Ordinal) || title.StartsWith(Testing, StringComparison.Ordinal));
}
