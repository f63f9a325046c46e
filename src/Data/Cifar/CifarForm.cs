namespace ReSTE.Native.Data.Cifar;

/// <summary>One of the two forms a CIFAR set is handed out in.</summary>
/// <param name="Folder">The folder that its archive makes.</param>
/// <param name="Archive">Its archive's name.</param>
/// <param name="Files">The batches: those for training in order, then the one for testing.</param>
/// <param name="Read">Makes a batch of a file's bytes; the path is for messages.</param>
internal sealed record CifarForm(
    string Folder, string Archive, IReadOnlyList<CifarFile> Files, Func<byte[], string, CifarSet, CifarBatch> Read)
{
    public CifarBatch Parse(byte[] file, string path, CifarSet set) =>
        file.Length > 0 ? Read(file, path, set) : throw set.Damaged(path, "the file is empty");
}
