using ReSTE.Native.Datasets;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Data.Cifar;

/// <summary>What tells CIFAR-10 and CIFAR-100 (Krizhevsky 2009) apart; both are 60,000 photographs of 32 x 32 pixels.</summary>
/// <param name="Name">As the command line has it.</param>
/// <param name="Title">As people write it.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="CoarseClasses">Number of the classes' groups, which each image names too; 0 where there are none.</param>
/// <param name="LabelsKey">The classes' key in Python's form.</param>
/// <param name="Python">The form of pickles.</param>
/// <param name="Binary">The form of records.</param>
/// <param name="Preprocessing">How its images become inputs.</param>
internal sealed record CifarSet(
    string Name, string Title, int Classes, int CoarseClasses, string LabelsKey, CifarForm Python, CifarForm Binary,
    Preprocessing Preprocessing)
{
    /// <summary>Where the archives come from.</summary>
    public const string Source = "https://www.cs.toronto.edu/~kriz/cifar.html";

    public static readonly ImageShape Shape = new(CifarBatch.Side, CifarBatch.Side, CifarBatch.Channels);

    public static IReadOnlyList<CifarSet> All => [Cifar10.Set, Cifar100.Set];

    /// <summary>Both forms, the preferred one first.</summary>
    public IReadOnlyList<CifarForm> Forms { get; } = [Python, Binary];

    /// <summary>Opens the set out of one of its archives or of a folder; <see cref="CifarFiles"/> says what it may hold.</summary>
    /// <exception cref="DatasetException">The files are missing, damaged or not what they are called.</exception>
    public DataSplits Open(string path)
    {
        var content = CifarFiles.Read(path, this);
        var batches = content.Batches;
        return new DataSplits(new CifarDataset(this, batches[..^1]), new CifarDataset(this, batches[^1..]), Preprocessing)
        {
            Notices = new CifarCheck(this, content).Notices(path),
        };
    }

    /// <summary>The error of a file whose content is not what it should be.</summary>
    public DatasetException Damaged(string path, string what, Exception? cause = null) => new(DatasetFault.Damaged,
        $"{OneLine.Of(path)}: {what}; the file is damaged or not of {Title}: get its archive from {Source} again", cause)
    {
        File = path,
    };
}
