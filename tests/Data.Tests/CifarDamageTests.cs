using ReSTE.Native.Data.Cifar;

namespace ReSTE.Native.Data.Tests;

public sealed class CifarDamageTests
{
    private const int Count = 3;
    private static readonly byte[] Good = CifarFixture.Pickle(Count, 1);
    private static readonly byte[] Planes = CifarFixture.Planes(Count, 1);

    /// <summary>What is wrong, the file, and what the message must say.</summary>
    public static TheoryData<string, byte[], string> DamagedPickles => new()
    {
        { "empty", [], "empty" },
        { "one byte", [0x80], "byte 1" },
        { "text", "hello"u8.ToArray(), "byte 0" },
        { "protocol 1", [0x80, 1, .. Good[2..]], "protocol 1" },
        { "protocol 6", [0x80, 6, .. Good[2..]], "protocol 6" },
        { "no dictionary", [0x80, 2, (byte)']', (byte)'.'], "something else than a dictionary" },
        { "cut inside the data", Good[..(Good.Length / 2)], "bytes were expected" },
        { "without its end", Good[..^1], $"byte {Good.Length - 1}" },
        { "bytes after its end", [.. Good, 0], "after the pickle's end" },
        { "no entries", [0x80, 2, (byte)'}', (byte)'.'], "'data'" },
        { "left-over values", [0x80, 2, (byte)'}', (byte)'N', (byte)'.'], "left over" },
        { "a command", Dictionary().Global("os", "system").Text("echo").Raw(0x85).Raw('R').ToArray(), "os.system" },
        { "a class by opcode INST", Dictionary().Raw("(ios\nsystem\n"u8.ToArray()).ToArray(), "os.system" },
        { "a command by its name on the stack", Dictionary().Text("os").Text("system").Raw(0x93).ToArray(), "os.system" },
        { "an allowed class by opcode INST", Dictionary().Raw("(inumpy\nndarray\n"u8.ToArray()).ToArray(), "opcode 0x69" },
        { "a memo entry that is not there", Dictionary().Raw((byte)'h', 9).ToArray(), "memo entry 9" },
        { "a value outside the file", Dictionary().Text("0").Raw('Q').ToArray(), "outside" },
        { "a buffer outside the file", Dictionary().Raw(0x97).ToArray(), "opcode 0x97" },
        { "a frame longer than the file", Dictionary().Raw(0x95, 0xff, 0, 0, 0, 0, 0, 0, 0).ToArray(), "255 bytes" },
        { "a list within itself", Ended(Dictionary().Text("data").Raw(']').Put().Raw((byte)'h', 3).Raw('a')), "array" },
        { "a name without end", Dictionary().Raw('c').Raw(new byte[200]).ToArray(), "end of line" },
        { "a name of control bytes", Dictionary().Raw('c').Raw(1, 2, 10, 3, 10).ToArray(), "printable" },
        { "a huge string", Dictionary().Raw('T').Raw(0xff, 0xff, 0xff, 0x7f).ToArray(), "2147483647 bytes" },
        { "a negative length", Dictionary().Raw('T').Raw(0xff, 0xff, 0xff, 0xff).ToArray(), "-1 bytes" },
        { "no mark", [0x80, 2, (byte)'}', (byte)'u'], "mark" },
        { "an empty stack", [0x80, 2, (byte)'}', 0x87], "more values" },
        { "a deep stack", Dictionary().Raw(new byte[5000].Select(_ => (byte)'N').ToArray()).ToArray(), "on the stack" },
        { "nested tuples", Ended(Dictionary().Text("data").Integer(0).Raw(0x85, 0x85)), "a tuple" },
        { "label 10", PickleWriter.Batch(Planes, [1, 10, 2]), "the integer 10" },
        { "a negative label", Ended(Dictionary().Text("labels").Raw(']').Integer(-1).Raw('a')), "the integer -1" },
        { "a file name among labels", Ended(Dictionary().Text("labels").Raw(']').Integer(1).Raw('a').Text("x").Raw('a')), "item 1" },
        { "fewer labels than images", PickleWriter.Batch(Planes, [1, 2], rows: 3), "3 images but 2 labels" },
        { "fewer names than images", PickleWriter.Batch(Planes, [1, 2, 3], names: 2), "2 file names" },
        { "rows that are not there", PickleWriter.Batch(Planes, [1, 2, 3], rows: 4), "4 x 3072" },
        { "no rows", PickleWriter.Batch([], [], rows: 0), "0 x 3072" },
        { "negative rows", PickleWriter.Batch(Planes, [1, 2, 3], rows: -3), "-3 x 3072" },
        { "rows that overflow", PickleWriter.Batch(Planes, [1, 2, 3], rows: 1 << 30), "1073741824 x 3072" },
        { "a key twice", Ended(Dictionary().Text("batch_label").Text("a").Text("batch_label").Text("b")), "once" },
        { "an unknown key", Ended(Dictionary().Text("other").Text("a")), "entry 'other'" },
        { "an odd number of keys and values", Dictionary().Text("data").Raw('u').ToArray(), "keys and values" },
        { "no data", Dictionary().Text("labels").Labels([1]).Raw('u').Raw('.').ToArray(), "'data'" },
        { "no labels", Dictionary().Text("data").Array(Planes, 3).Raw('u').Raw('.').ToArray(), "'labels'" },
        { "labels as data", Ended(Dictionary().Text("data").Labels([1])), "entry 'data'" },
    };

    public static TheoryData<string, byte[], string> DamagedRecords => new()
    {
        { "empty", [], "empty" },
        { "a byte short", new byte[2 * 3073 - 1], "3073-byte records" },
        { "a byte long", new byte[3073 + 1], "3073-byte records" },
        { "label 10", [.. new byte[3073], 10, .. new byte[3072]], "label 10" },
    };

    [Theory]
    [MemberData(nameof(DamagedPickles))]
    public void A_damaged_pickle_is_refused_in_one_line_that_names_the_file(string what, byte[] bytes, string says)
    {
        using var folder = new TemporaryFolder();
        CifarFixture.WriteBoth(folder);
        string path = folder.Write("cifar-10-batches-py/data_batch_2", bytes);
        Assert.NotEmpty(what);
        Refusals.AssertRefused(() => Datasets.Open("cifar10", folder.Path), path, says);
    }

    [Theory]
    [MemberData(nameof(DamagedRecords))]
    public void Damaged_records_are_refused_in_one_line_that_names_the_file(string what, byte[] bytes, string says)
    {
        using var folder = new TemporaryFolder();
        CifarFixture.WriteBoth(folder);
        string path = folder.Write("cifar-10-batches-bin/test_batch.bin", bytes);
        Assert.NotEmpty(what);
        Refusals.AssertRefused(() => Datasets.Open("cifar10", Path.Combine(folder.Path, "cifar-10-batches-bin")), path, says);
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        // All but the data's own bytes, of which one cut stands for all.
        int data = Good.AsSpan().IndexOf(Planes);
        int after = data + Planes.Length;
        foreach (int length in Enumerable.Range(1, data + 2).Concat(Enumerable.Range(after, Good.Length - after)))
            Refusals.AssertRefused(() => CifarPickle.Parse(Good[..length], "cut_batch", Cifar10.Set), "cut_batch");
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        using var folder = new TemporaryFolder();
        CifarFixture.WriteBoth(folder);
        string gone = Path.Combine(folder.Path, "cifar-10-batches-py", "data_batch_4");
        File.Delete(gone);
        Refusals.AssertRefused(() => Datasets.Open("cifar10", folder.Path), gone, "missing");
    }

    [Fact]
    public void A_folder_in_a_files_place_is_refused()
    {
        using var folder = new TemporaryFolder();
        CifarFixture.WriteBoth(folder);
        string path = Path.Combine(folder.Path, "cifar-10-batches-py", "test_batch");
        File.Delete(path);
        Directory.CreateDirectory(path);
        Refusals.AssertRefused(() => Datasets.Open("cifar10", folder.Path), path, "cannot be read");
    }

    [Fact]
    public void A_missing_folder_is_refused_with_every_path_tried_and_what_to_do()
    {
        string path = Path.Combine(Path.GetTempPath(), "no-such-folder-" + nameof(CifarDamageTests));
        Refusals.AssertRefused(
            () => Datasets.Open("cifar10", path),
            Path.Combine(path, "cifar-10-batches-py"),
            Path.Combine(path, "cifar-10-batches-bin"),
            "cifar-10-python.tar.gz");
    }

    /// <summary>The dictionary's end and the pickle's.</summary>
    private static byte[] Ended(PickleWriter writer) => writer.Raw('u').Raw('.').ToArray();

    private static PickleWriter Dictionary() => new PickleWriter().Raw(0x80, 2).Raw('}').Put().Raw('(');
}
