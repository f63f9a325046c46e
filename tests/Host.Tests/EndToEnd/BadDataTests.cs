namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>
/// Data sets that are not there, or damaged, as a process of its own meets them: one line, exit code 4, and no run folder.
/// </summary>
public sealed class BadDataTests : IDisposable
{
    private const int Record = 3073;

    private static readonly string[] s_batches =
        ["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_path() => AssertRefused(_folder["nonexistent"], _folder["nonexistent"], "--dataset shapes");

    [Fact]
    public void A_folder_of_something_else()
    {
        File.WriteAllText(_folder["notes.txt"], "");
        AssertRefused(_folder.Path, _folder.Path, "cifar-10-python.tar.gz");
    }

    [Fact]
    public void A_truncated_batch()
    {
        WriteBinary(Record * 4);
        Write("cifar-10-batches-bin/data_batch_3.bin", new byte[Record * 3 + 100]);
        AssertRefused(_folder.Path, "data_batch_3.bin", "3073-byte records");
    }

    [Fact]
    public void A_label_out_of_range()
    {
        WriteBinary(Record * 4);
        var batch = new byte[Record * 4];
        batch[Record * 2] = 10;
        Write("cifar-10-batches-bin/test_batch.bin", batch);
        AssertRefused(_folder.Path, "test_batch.bin", "label 10");
    }

    /// <summary>INST, the opcode that makes an object of any class: os.system in an attack.</summary>
    [Fact]
    public void An_unexpected_pickle_opcode()
    {
        foreach (var name in s_batches)
            Write($"cifar-10-batches-py/{name}", [0x80, 2, .. "}q\u0001((S'echo'\nios\nsystem\n."u8]);
        AssertRefused(_folder.Path, "data_batch_1", "opcode 0x");
    }

    private void AssertRefused(string path, params string[] words)
    {
        using var process = Reste.Start(
            "--dataset", "cifar10", "--data_path", path, "--device", "cpu", "--epochs", "1", "-b", "4",
            "--results_dir", _folder["results"]);
        var run = Reste.Finish(process);
        run.AssertRefused(ExitCode.Data, words);
        Assert.DoesNotContain("   at ", run.Error);
        Assert.False(Directory.Exists(_folder["results"]));
    }

    private void WriteBinary(int bytes)
    {
        foreach (var name in s_batches)
            Write($"cifar-10-batches-bin/{name}.bin", new byte[bytes]);
    }

    private void Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllBytes(_folder[name], bytes);
    }
}
