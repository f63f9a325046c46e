using ReSTE.Native.Messages;
using ReSTE.Native.Training;

namespace ReSTE.Native.Data.Cifar;

/// <summary>A folder of six batches and the form they are in.</summary>
/// <param name="Path">The folder that holds the batches themselves.</param>
/// <param name="Extension">What follows the batches' names.</param>
/// <param name="Read">Reads one batch file.</param>
internal sealed record CifarFolder(string Path, string Extension, Func<string, CifarBatch> Read)
{
    private const string PythonName = "cifar-10-batches-py", BinaryName = "cifar-10-batches-bin", BinaryExtension = ".bin";
    private static readonly string[] TrainNames = ["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5"];
    private const string TestName = "test_batch";

    public IEnumerable<CifarBatch> TrainBatches() => TrainNames.Select(ReadNamed);

    public CifarBatch TestBatch() => ReadNamed(TestName);

    /// <summary>Looks for either form, Python's first, inside <paramref name="path"/> and then in that folder itself.</summary>
    public static CifarFolder Find(string path)
    {
        string python = System.IO.Path.Combine(path, PythonName), binary = System.IO.Path.Combine(path, BinaryName);
        if (Directory.Exists(python))
            return Python(python);
        if (Directory.Exists(binary))
            return Binary(binary);
        if (HoldsBatches(path, ""))
            return Python(path);
        if (HoldsBatches(path, BinaryExtension))
            return Binary(path);
        throw new DatasetException(
            $"no CIFAR-10 found: looked for the folders {OneLine.Of(python)} and {OneLine.Of(binary)}, "
            + $"and for batch files in {OneLine.Of(path)}; "
            + $"download cifar-10-python.tar.gz from {Cifar10.Source} and unpack it in {OneLine.Of(path)}, or use --dataset shapes");
    }

    private static CifarFolder Python(string folder) => new(folder, "", CifarPickle.Read);

    private static CifarFolder Binary(string folder) => new(folder, BinaryExtension, CifarBinary.Read);

    private static bool HoldsBatches(string folder, string extension) =>
        TrainNames.Append(TestName).Any(name => File.Exists(System.IO.Path.Combine(folder, name + extension)));

    private CifarBatch ReadNamed(string name) => Read(System.IO.Path.Combine(Path, name + Extension));
}
