using ReSTE.Native.Checkpoints;
using ReSTE.Native.Engine.Tests.Checkpoints;
using ReSTE.Native.StateFiles;

namespace ReSTE.Native.Engine.Tests.StateFiles;

/// <summary>Files of PyTorch's own making, in both forms and two protocols: every type, view and wrapping.</summary>
public sealed class TorchSampleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Files => TorchSamples.Names;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_type_is_read(string name)
    {
        StateDictionary file = StateFile.Open(TorchSamples.At(name));
        (string Name, SafetensorsType Type)[] types =
        [
            ("float64", SafetensorsType.F64), ("float32", SafetensorsType.F32), ("float16", SafetensorsType.F16),
            ("bfloat16", SafetensorsType.BF16), ("int64", SafetensorsType.I64), ("int32", SafetensorsType.I32),
            ("int16", SafetensorsType.I16), ("int8", SafetensorsType.I8), ("uint8", SafetensorsType.U8), ("bool", SafetensorsType.Bool),
        ];
        foreach (var (tensor, type) in types)
        {
            double[] quarters = [0.25, 0.5, 0.75, 1, 1.25, 1.5];
            double[] expected = tensor == "bool" ? [1, 1, 1, 1, 1, 1]
                : tensor.Contains("float", StringComparison.Ordinal) ? quarters : [.. quarters.Select(Math.Truncate)];
            Assert.Equal((type, "2,3"), (file[tensor].Type, Shape(file, tensor)));
            Assert.Equal(expected, file.ReadFloat64(tensor));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_view_is_read_in_row_major_order(string name)
    {
        StateDictionary file = StateFile.Open(TorchSamples.At(name));
        double[] whole = [.. Enumerable.Range(1, 24).Select(i => i / 4.0)];
        void Check(string tensor, string shape, IEnumerable<double> numbers)
        {
            Assert.Equal(shape, Shape(file, tensor));
            Assert.Equal(numbers, file.ReadFloat64(tensor));
        }

        Check("scalar", "", [7]);
        Check("empty", "0,3", []);
        Check("parameter", "4", whole[..4]);
        Check("whole", "4,6", whole);
        Check("tied", "4,6", whole);
        Check("transposed", "6,4", Enumerable.Range(0, 24).Select(i => whole[i % 4 * 6 + i / 4]));
        Check("sliced", "2,2", [whole[8], whole[10], whole[14], whole[16]]);
        Check("expanded", "3,2", Enumerable.Repeat(0.25, 6));
        Check("channels_last", "2,3,2,2", whole);
        Assert.Equal(19, file.Entries.Count);
    }

    [Theory]
    [InlineData("zip.pth.tar", CheckpointForm.PyTorchZip, "sample", "")]
    [InlineData("stream.pth.tar", CheckpointForm.PyTorchStream, "sample", "")]
    [InlineData("protocol4.pt", CheckpointForm.PyTorchZip, null, "")]
    [InlineData("stream4.pt", CheckpointForm.PyTorchStream, null, "module._orig_mod.")]
    public void What_stands_beside_the_tensors_is_read(string name, CheckpointForm form, string? model, string prefix)
    {
        StateDictionary file = StateFile.Open(TorchSamples.At(name));
        Assert.Equal((form, model, prefix, 3, 12.5), (file.Form, file.Model, file.Prefix, file.Epoch!.Value, file.BestTop1!.Value));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_written_again_holds_the_same_bits(string name)
    {
        StateDictionary file = StateFile.Open(TorchSamples.At(name));
        StateFile.SavePyTorch(file, _folder.File("again.pth"));
        StateFile.SaveSafetensors(StateFile.Open(_folder.File("again.pth")), _folder.File("again.safetensors"));
        foreach (string again in new[] { "again.pth", "again.safetensors" })
        {
            StateDictionary read = StateFile.Open(_folder.File(again));
            Assert.Equal((file.Model, file.Epoch, file.BestTop1), (read.Model, read.Epoch, read.BestTop1));
            Assert.Equal(file.Entries.Select(e => $"{e.Name} {e.Type} {Shape(file, e.Name)}"),
                read.Entries.Select(e => $"{e.Name} {e.Type} {Shape(read, e.Name)}"));
            foreach (StateEntry entry in file.Entries)
                Assert.True(file.Bytes(entry.Name).Span.SequenceEqual(read.Bytes(entry.Name).Span), $"{again}: {entry.Name}");
        }
    }

    // torch.load maps storages into memory, which wants them aligned.
    [Fact]
    public void Storages_begin_at_multiples_of_64()
    {
        StateFile.SavePyTorch(StateFile.Open(TorchSamples.At("zip.pth.tar")), _folder.File("again.pth"));
        var zip = new ZipArchiveBytes("again.pth", File.ReadAllBytes(_folder.File("again.pth")));
        Assert.All(zip.Members, member => Assert.Equal(0, member.Start % 64));
    }

    [Fact]
    public void The_sum_of_a_zip_is_the_known_one()
    {
        Assert.Equal(0xCBF43926, Crc32.Of("123456789"u8));
        Assert.Equal(0u, Crc32.Of([]));
        byte[] bytes = [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 7))];
        for (int length = 0; length < 70; length++)
            Assert.Equal(BitByBit(bytes.AsSpan(length, length)), Crc32.Of(bytes.AsSpan(length, length)));
    }

    private static uint BitByBit(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }

    private static string Shape(StateDictionary file, string name) => string.Join(',', file[name].Shape);
}
