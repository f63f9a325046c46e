namespace ReSTE.Native.Data.Cifar;

/// <summary>One of the two forms a CIFAR set is handed out in.</summary>
/// <param name="Folder">The folder that its archive makes.</param>
/// <param name="Stem">Its archive's name without what says how it is packed.</param>
/// <param name="Files">The batches: those for training in order, then the one for testing.</param>
/// <param name="Read">Makes a batch of a file's bytes; the path is for messages.</param>
internal sealed record CifarForm(
    string Folder, string Stem, IReadOnlyList<CifarFile> Files, Func<byte[], string, CifarSet, CifarBatch> Read)
{
    /// <summary>The official archive's name.</summary>
    public string Archive => Stem + ".tar.gz";

    /// <summary>The archives that are looked for in a folder; one that cannot be read is named for what it is.</summary>
    public IEnumerable<string> Archives => [Archive, Stem + ".tgz", Stem + ".tar", Stem + ".zip"];

    public CifarBatch Parse(byte[] file, string path, CifarSet set)
    {
        if (file.Length == 0)
            throw set.Damaged(path, "the file is empty");
        // Beside the parsing, and the reading of the next file.
        var sum = Task.Run(() => FileSum.Of(file));
        return Read(file, path, set) with { Path = path, Sum = sum };
    }
}
