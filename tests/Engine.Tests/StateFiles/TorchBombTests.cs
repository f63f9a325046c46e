using System.Diagnostics;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Engine.Tests.Checkpoints;
using ReSTE.Native.StateFiles;

namespace ReSTE.Native.Engine.Tests.StateFiles;

/// <summary>
/// Small files whose pickles make much of little, by pointing at one thing many times: each refused in bounded memory and time.
/// </summary>
public sealed class TorchBombTests : IDisposable
{
    // What the machine makes before it refuses, 24 bytes each with the lists they lie in; a bomb that goes off takes gigabytes.
    private const long MostAllocated = 400 << 20;

    // What is refused within half a second on an idle machine; a bomb that goes off takes minutes.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static readonly byte[] s_four = TorchBytes.Floats(4);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // A list of 200,000 pairs, written once, and OrderedDict(list) 4,000 times: 800 million entries of 24 MB in all.
    [Fact]
    public void A_list_that_is_called_again_and_again_is_charged_each_time()
    {
        TorchBytes file = new TorchBytes().Text("x").Raw("]q\x01NN"u8).Raw(0x86).Raw("q\x02"u8).Raw("0"u8);
        AddItems(file, 200_000, "h\x02"u8);
        file.Raw("s"u8);
        for (int i = 0; i < 4000; i++)
            file.Text("y").Global("collections", "OrderedDict").Raw("h\x01"u8).Raw(0x85).Raw("Rs"u8);
        byte[] zip = file.Zip();
        Assert.InRange(zip.Length, 0, 1 << 20);
        Assert.Contains("more than 2000000 values", Refused(zip).Message, StringComparison.Ordinal);
    }

    // The same with pairs that are lists, one of which is long: it is no pair, and is not copied to see that.
    [Fact]
    public void A_long_list_among_the_pairs_is_not_copied()
    {
        TorchBytes file = new TorchBytes().Text("x").Raw("]q\x01"u8);
        AddItems(file, 200_000, "N"u8);
        file.Raw("s"u8).Text("p").Raw("]q\x03h\x01"u8).Raw("as"u8);
        for (int i = 0; i < 4000; i++)
            file.Text("y").Global("collections", "OrderedDict").Raw("h\x03"u8).Raw(0x85).Raw("Rs"u8);
        Assert.Contains("without a dictionary of weights", Refused(file.Zip()).Message, StringComparison.Ordinal);
    }

    // 100,000 entries that are one dictionary of 300,000: each entry would be looked through for tensors.
    [Fact]
    public void A_dictionary_that_stands_under_many_keys_is_searched_once()
    {
        TorchBytes file = new TorchBytes().Text("x").Raw("}q\x01"u8);
        for (int run = 0; run < 300; run++)
        {
            file.Raw("("u8);
            for (int i = 0; i < 1000; i++)
                file.Raw("NN"u8);
            file.Raw("u"u8);
        }

        file.Raw("s"u8);
        for (int run = 0; run < 100; run++)
        {
            file.Raw("("u8);
            for (int i = 0; i < 1000; i++)
                file.Raw("Nh\x01"u8);
            file.Raw("u"u8);
        }

        foreach (string wrapper in new[] { "state_dict", "model", "net", "network", "weights", "module" })
            file.Text(wrapper).Raw("h\x01s"u8);
        Assert.Contains("no entry of it is a dictionary of tensors", Refused(file.Zip()).Message, StringComparison.Ordinal);
    }

    // 1 MB of text that is the key of 100,000 entries which are no tensors: 200 GB of names.
    [Fact]
    public void A_long_name_is_refused_and_one_that_comes_again_is_kept_once()
    {
        TorchBytes Named(int length)
        {
            TorchBytes file = TorchBytes.Valid().Text(new string('n', length)).Raw("q\x05Ns"u8);
            for (int i = 0; i < 100_000; i++)
                file.Raw("h\x05Ns"u8);
            return file;
        }

        Assert.Contains("a key of it has 1000000 bytes", Refused(Named(1_000_000).Zip()).Message, StringComparison.Ordinal);
        Assert.Equal([new string('n', 1000)], StateFile.Read(Named(1000).Zip(), "file").Others);
        foreach (int length in new[] { 1024, 1025 })
        {
            var entry = new StateEntry(new string('n', length), SafetensorsType.F32, [4], TensorView.Whole(s_four, [4]));
            var state = new StateDictionary("file", CheckpointForm.Safetensors, new() { [entry.Name] = entry });
            if (length == 1025)
                Assert.Throws<CheckpointException>(() => StateFile.SavePyTorch(state, _folder.File("named.pth")));
            else
                StateFile.SavePyTorch(state, _folder.File("named.pth"));
            Assert.Equal(1024, Assert.Single(StateFile.Open(_folder.File("named.pth")).Entries).Name.Length);
        }

        TorchBytes storage = new TorchBytes().Tensor("w", s_four, [4], [1], key: new string('k', 2000));
        Assert.Contains("described in an unknown manner", Refused(storage.Zip()).Message, StringComparison.Ordinal);
    }

    // 1 MB of numbers in 2,000 tensors are 2 GB once each is written for itself.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Tensors_that_share_a_storage_are_bounded_together(bool zip)
    {
        byte[] numbers = TorchBytes.Floats(1 << 18);
        TorchBytes file = new();
        for (int i = 0; i < 2000; i++)
            file.Tensor($"w{i}", numbers, [1 << 18], [1], key: "0");
        byte[] bytes = zip ? file.Zip() : file.Stream();
        CheckpointException refusal = Refused(bytes);
        long most = 4L * bytes.Length + (16 << 20);
        Assert.Matches($"the tensor 'w2[0-9]' is F32 .* more than {most} bytes, out of a file of {bytes.Length}$", refusal.Message);
    }

    // Weights that are tied, in a file of little else.
    [Fact]
    public void A_few_tensors_that_share_a_storage_are_read()
    {
        TorchBytes file = new();
        for (int i = 0; i < 4; i++)
            file.Tensor($"w{i}", TorchBytes.Floats(1 << 18), [1 << 18], [1], key: "0");
        StateDictionary read = StateFile.Read(file.Zip(), "file");
        Assert.Equal(4, read.Entries.Count);
        StateFile.SaveSafetensors(read, _folder.File("apart.safetensors"));
        Assert.Equal(4 << 20, SafetensorsFile.Open(_folder.File("apart.safetensors")).Tensors.Sum(t => 4 * t.Shape[0]));
    }

    /// <summary>Appends to the list on the stack, in runs.</summary>
    private static void AddItems(TorchBytes file, int count, ReadOnlySpan<byte> item)
    {
        for (int done = 0; done < count; done += 1000)
        {
            file.Raw("("u8);
            for (int i = 0; i < 1000; i++)
                file.Raw(item);
            file.Raw("e"u8);
        }
    }

    private static CheckpointException Refused(byte[] file)
    {
        var (before, start) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        CheckpointException refusal = Assert.Throws<CheckpointException>(() => StateFile.Read(file, "file"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostAllocated);
        Assert.True(Stopwatch.GetElapsedTime(start) < s_patience, "it took too long");
        return refusal;
    }
}
