using System.Text;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.StateFiles;

namespace ReSTE.Native.Engine.Tests.StateFiles;

/// <summary>PyTorch files with something out of place: each refused in one line that says what, allocating nothing to speak of.</summary>
public sealed class TorchDamageTests
{
    private const long Large = 25_000_000_000;
    private const int Overhead = 200_000;

    private static readonly byte[] s_four = TorchBytes.Floats(4);

    /// <summary>What is wrong, the file, and what the message must say.</summary>
    public static TheoryData<string, byte[], string> Tensors => new()
    {
        { "100 GB declared", One(s_four, [2, 2], [2, 1], claimed: Large), "said to have 25000000000 elements" },
        { "a count beyond 64 bits", One(s_four, [2, 2], [2, 1], claimed: long.MaxValue), "said to have 9223372036854775807" },
        { "a negative count", One(s_four, [2, 2], [2, 1], claimed: -4), "said to have -4" },
        { "100 GB of one number", One(s_four, [Large], [0]), "made of a storage of 4 elements: with it the tensors have more than" },
        { "more than 2^63 bytes", One(s_four, [1L << 40, 1L << 40], [0, 0]), "larger than any file" },
        { "strides that reach outside", One(s_four, [2, 2], [3, 1]), "reach outside its storage of 4 elements" },
        { "strides beyond counting", One(s_four, [2, 2], [long.MaxValue, 1]), "reach outside" },
        { "an offset that reaches outside", One(s_four, [2, 2], [2, 1], offset: 1), "reach outside" },
        { "an offset beyond counting", One(s_four, [2, 2], [2, 1], offset: long.MaxValue), "reach outside" },
        { "a negative offset", One(s_four, [2, 2], [2, 1], offset: -1), "unknown manner" },
        { "a negative stride", One(s_four, [2, 2], [-2, 1], offset: 2), "unknown manner" },
        { "a negative size", One(s_four, [-2, 2], [2, 1]), "unknown manner" },
        { "fewer strides than sizes", One(s_four, [2, 2], [1]), "unknown manner" },
        { "65 dimensions", One(s_four, [.. Enumerable.Repeat(1L, 65)], [.. Enumerable.Repeat(1L, 65)]), "unknown manner" },
        { "a storage of another type", One(s_four, [2, 2], [2, 1], type: "DoubleStorage"), "said to have 4 elements of 8 bytes" },
        { "a type that is none", One(s_four, [2, 2], [2, 1], type: "ComplexFloatStorage"), "torch.ComplexFloatStorage" },
    };

    /// <summary>Pickles that hold something else than a dictionary of tensors, or name what they must not.</summary>
    public static TheoryData<string, byte[], string> Pickles => new()
    {
        { "a command", New().Text("x").Global("os", "system").Text("echo").Raw(0x85).Raw("Rs"u8).Zip(), "os.system, which no checkpoint" },
        { "a command on the stack", New().Text("os").Text("system").Raw(0x93).Zip(), "os.system" },
        { "a command by INST", New().Raw("(ios\nsystem\n"u8).Zip(), "os.system" },
        { "a command by NEWOBJ", New().Global("subprocess", "Popen").Raw(")"u8).Raw(0x81).Zip(), "subprocess.Popen" },
        { "eval", New().Global("builtins", "eval").Zip(), "builtins.eval" },
        { "a network as a whole", New().Global("models.resnet", "ResNet").Zip(), "models.resnet.ResNet" },
        { "no tensors", New().Text("epoch").Integer(3).Raw("s"u8).Zip(), "without a dictionary of weights" },
        { "a list", [.. new TorchBytes().Zip([0x80, 2, (byte)']', (byte)'.'])], "it holds a list" },
        { "two dictionaries", Two().Zip(), "2 entries of it are dictionaries of tensors: 'a', 'b'" },
        { "a name twice", TorchBytes.Valid().Tensor("conv1.weight", s_four, [4], [1]).Zip(), "'conv1.weight' twice" },
        { "a key that is a number", TorchBytes.Valid().Integer(3).Text("x").Raw("s"u8).Zip(), "a key of it is the integer 3" },
        { "bytes after its end", new TorchBytes().Zip([.. TorchBytes.Valid().Pickle(), 0]), "ends at" },
        { "no end", new TorchBytes().Zip(TorchBytes.Valid().Pickle()[..^1]), "any name/data.pkl at byte" },
        { "a storage that is not there", new TorchBytes().Zip(TorchBytes.Valid().Pickle()), "no member 'any name/data/0'" },
    };

    [Theory]
    [MemberData(nameof(Tensors))]
    [MemberData(nameof(Pickles))]
    public void What_a_pickle_must_not_say_is_refused(string what, byte[] file, string says)
    {
        CheckpointException refusal = Refused(file);
        Assert.NotEmpty(what);
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(says.Contains('.', StringComparison.Ordinal) && !says.Contains('/', StringComparison.Ordinal)
            && !says.Contains('\'', StringComparison.Ordinal), refusal.Kind == CheckpointFault.Forbidden);
    }

    [Fact]
    public void What_a_stream_must_not_say_is_refused()
    {
        Assert.Contains("os.system", Refused(New().Global("os", "system").Stream()).Message, StringComparison.Ordinal);
        byte[] outside = new TorchBytes().Tensor("w", s_four, [2, 2], [3, 1]).Stream();
        Assert.Contains("reach outside its storage", Refused(outside).Message, StringComparison.Ordinal);
        byte[] large = new TorchBytes().Tensor("w", s_four, [2, 2], [2, 1], claimed: Large).Stream();
        Assert.Contains("cut short or of another size", Refused(large).Message, StringComparison.Ordinal);
        byte[] magic = TorchBytes.Valid().Stream();
        magic[5]++;
        Assert.Contains("none that PyTorch saved", Refused(magic).Message, StringComparison.Ordinal);
    }

    /// <summary>Damage to a valid archive, told by what comes of it.</summary>
    public static TheoryData<string, string> Archives => new()
    {
        { "checksum", "'any name/data/1', whose checksum (CRC-32) does not fit" },
        { "overlap", "which overlap" },
        { "into the directory", "reaches into the central directory" },
        { "past the end", "ends after the file: it is cut short" },
        { "elsewhere", "not where the central directory says" },
        { "compressed", "is compressed (method 8)" },
        { "encrypted", "is encrypted" },
        { "twice", "'any name/data/0' twice" },
        { "too many", "claims 60000 members" },
        { "too few", "its 3 members take" },
        { "directory", "which does not end where its end begins" },
        { "no pickle", "with 0 members called data.pkl" },
        { "two pickles", "with 2 members called data.pkl" },
        { "byte order", "the other byte order" },
        { "locator", "no zip64 directory where its locator says" },
    };

    [Theory]
    [MemberData(nameof(Archives))]
    public void A_damaged_archive_is_refused(string damage, string says)
    {
        byte[] file = ArchiveDamage.Of(damage);
        Assert.Contains(says, Refused(file).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_truncation_is_refused(bool zip)
    {
        TorchBytes small = new TorchBytes().Tensor("conv1.weight", s_four, [2, 2], [2, 1]);
        byte[] file = zip ? small.Zip() : small.Stream();
        Assert.Single(StateFile.Read([.. file], "file").Entries);
        for (int length = 1; length < file.Length; length++)
            Refused(file[..length]);
    }

    // Before 0.4 storages could be parts of others.
    [Fact]
    public void A_storage_that_is_part_of_another_is_read()
    {
        TorchBytes Part(long offset, long count)
        {
            TorchBytes whole = new TorchBytes().Tensor("whole", s_four, [4], [1]);
            return whole.Text("part").Global("torch._utils", "_rebuild_tensor").Raw("(("u8).Text("storage").Global("torch", "FloatStorage")
                .Text("0").Text("cpu").Integer(4).Raw("("u8).Text("view").Integer(offset).Integer(count).Raw("ttQ"u8)
                .Integer(0).Raw("("u8).Integer(2).Raw("t("u8).Integer(1).Raw("ttRs"u8);
        }

        StateDictionary file = StateFile.Read(Part(1, 2).Stream(), "file");
        Assert.Equal([2 / 64.0, 3 / 64.0], file.ReadFloat64("part"));
        Assert.Contains("of whose 4 elements 2 are wanted from 3 on", Refused(Part(3, 2).Stream()).Message, StringComparison.Ordinal);
        Assert.Contains("reach outside", Refused(Part(3, 1).Stream()).Message, StringComparison.Ordinal);
    }

    // Types without a storage of their own, such as unsigned integers, name the type beside storages of bytes.
    [Fact]
    public void A_type_beside_a_storage_of_bytes_is_read()
    {
        byte[] Typed(string type, string beside = "}") => new TorchBytes().Tensor("w", s_four, [4], [1])
            .Text("t").Global("torch._utils", "_rebuild_tensor_v3")
            .Raw("(("u8).Text("storage").Global("torch.storage", "UntypedStorage").Text("0").Text("cpu").Integer(16).Raw("tQ"u8)
            .Integer(2).Raw("("u8).Integer(6).Raw("t("u8).Integer(1).Raw("t"u8).Raw(0x89).Global("collections", "OrderedDict").Raw(")R"u8)
            .Global("torch", type).Raw(Encoding.ASCII.GetBytes(beside)).Raw("tRs"u8).Zip();
        StateDictionary file = StateFile.Read(Typed("uint16"), "file");
        Assert.Equal(SafetensorsType.U16, file["t"].Type);
        Assert.True(file.Bytes("t").Span.SequenceEqual(s_four.AsSpan(4, 12)));
        Assert.Contains("reach outside its storage of 4 elements", Refused(Typed("float32")).Message, StringComparison.Ordinal);
        Assert.Contains("torch.complex64", Refused(Typed("complex64")).Message, StringComparison.Ordinal);
        // What a negated view has beside its place.
        Assert.Equal(6, StateFile.Read(Typed("uint16", "N"), "file")["t"].Count);
        Assert.Contains("negated or conjugated", Refused(Typed("uint16", "}NNs")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_other_kinds_are_named()
    {
        byte[] tar = new byte[1024];
        "checkpoint.pth"u8.CopyTo(tar);
        "ustar"u8.CopyTo(tar.AsSpan(257));
        Assert.Contains("is a tar archive", Refused(tar).Message, StringComparison.Ordinal);
        Assert.Contains("is a gzip file", Refused([0x1f, 0x8b, 8, .. new byte[20]]).Message, StringComparison.Ordinal);
        Assert.Contains("is an HDF5 file", Refused([0x89, .. "HDF\r\n"u8, .. new byte[20]]).Message, StringComparison.Ordinal);
        Assert.Contains("none that PyTorch saved", Refused(TorchBytes.Valid().Pickle()).Message, StringComparison.Ordinal);
    }

    private static TorchBytes New() => new();

    private static TorchBytes Two() => New().Text("a").Raw("}"u8).Tensor("w", s_four, [4], [1]).Raw("s"u8)
        .Text("b").Raw("}"u8).Tensor("w", s_four, [4], [1]).Raw("s"u8);

    private static byte[] One(
        byte[] storage, long[] shape, long[] strides, long offset = 0, long? claimed = null, string type = "FloatStorage") =>
        New().Tensor("w", storage, shape, strides, offset, claimed, type).Zip();

    /// <summary>Asserts that a file is refused, in one line and with little memory.</summary>
    internal static CheckpointException Refused(byte[] file)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        CheckpointException refusal = Assert.Throws<CheckpointException>(() => StateFile.Read(file, "file"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Overhead + 3L * file.Length);
        Assert.StartsWith("file: ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(refusal.Message, char.IsControl);
        return refusal;
    }
}
