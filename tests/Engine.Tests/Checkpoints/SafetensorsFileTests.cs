using System.Text;
using ReSTE.Native.Checkpoints;

namespace ReSTE.Native.Engine.Tests.Checkpoints;

public sealed class SafetensorsFileTests
{
    [Fact]
    public void Reads_a_file_written_by_hand()
    {
        byte[] header = Encoding.ASCII.GetBytes("""
            {"b":{"data_offsets":[4,10],"shape":[3],"dtype":"I16"},
             "__metadata__":{"k":"v\n"},
             "a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}
            """);
        byte[] data = [0x00, 0x00, 0xC0, 0xBF, 0x01, 0x00, 0xFF, 0xFF, 0x00, 0x80];
        var file = SafetensorsFile.Read(SafetensorsBytes.Build(header, data), "hand");

        Assert.Equal("hand", file.Name);
        Assert.Equal("v\n", Assert.Single(file.Metadata, pair => pair.Key == "k").Value);
        Assert.Equal(["b", "a"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(SafetensorsType.I16, file["b"].Type);
        Assert.Equal([3L], file["b"].Shape);
        Assert.Equal([1L, 1L], file["a"].Shape);
        Assert.Equal([-1.5], file.ReadFloat64("a"));
        Assert.Equal([1, -1, short.MinValue], file.ReadInt64("b"));
        Assert.Equal(data[4..], file.Data("b").ToArray());
    }

    [Theory]
    [InlineData("BOOL", new byte[] { 1 }, 1.0)]
    [InlineData("U8", new byte[] { 0xFF }, 255.0)]
    [InlineData("I8", new byte[] { 0xFF }, -1.0)]
    [InlineData("I16", new byte[] { 0x00, 0x80 }, -32768.0)]
    [InlineData("U16", new byte[] { 0x00, 0x80 }, 32768.0)]
    [InlineData("F16", new byte[] { 0x00, 0xC0 }, -2.0)]
    [InlineData("BF16", new byte[] { 0xC0, 0xBF }, -1.5)]
    [InlineData("I32", new byte[] { 0xFE, 0xFF, 0xFF, 0xFF }, -2.0)]
    [InlineData("U32", new byte[] { 0xFE, 0xFF, 0xFF, 0xFF }, 4294967294.0)]
    [InlineData("F32", new byte[] { 0x00, 0x00, 0x80, 0x7F }, double.PositiveInfinity)]
    [InlineData("F64", new byte[] { 0, 0, 0, 0, 0, 0, 0xF0, 0x3F }, 1.0)]
    [InlineData("I64", new byte[] { 0, 0, 0, 0, 0, 0, 0, 0x80 }, -9223372036854775808.0)]
    [InlineData("U64", new byte[] { 0, 0, 0, 0, 0, 0, 0, 0x80 }, 9223372036854775808.0)]
    public void Converts_every_numeric_type(string type, byte[] data, double expected)
    {
        string header = $$$"""{"x":{"dtype":"{{{type}}}","shape":[],"data_offsets":[0,{{{data.Length}}}]}}""";
        var file = SafetensorsFile.Read(SafetensorsBytes.Build(Encoding.ASCII.GetBytes(header), data), "types");
        Assert.Equal([expected], file.ReadFloat64("x"));
        Assert.Equal([(float)expected], file.ReadFloat32("x"));
        if (type.Contains('F', StringComparison.Ordinal))
            Assert.Contains(type, Assert.Throws<CheckpointException>(() => file.ReadInt64("x")).Message, StringComparison.Ordinal);
        else if (type == "U64")
            Assert.Contains("2^63", Assert.Throws<CheckpointException>(() => file.ReadInt64("x")).Message, StringComparison.Ordinal);
        else
            Assert.Equal([(long)expected], file.ReadInt64("x"));
    }

    [Theory]
    [InlineData("F8_E5M2", SafetensorsType.F8E5M2)]
    [InlineData("F8_E4M3", SafetensorsType.F8E4M3)]
    public void Gives_only_the_bytes_of_eight_bit_floats(string name, SafetensorsType type)
    {
        string header = $$$"""{"x":{"dtype":"{{{name}}}","shape":[2],"data_offsets":[0,2]}}""";
        var file = SafetensorsFile.Read(SafetensorsBytes.Build(header, 2), "types");
        Assert.Equal(type, file["x"].Type);
        Assert.Equal(2, file.Data("x").Length);
        Assert.Throws<CheckpointException>(() => file.ReadFloat64("x"));
        Assert.Throws<CheckpointException>(() => file.ReadFloat32("x"));
        Assert.Throws<CheckpointException>(() => file.ReadInt64("x"));
    }

    [Fact]
    public void Accepts_a_file_without_tensors()
    {
        Assert.Empty(SafetensorsFile.Read(SafetensorsBytes.Build("{}", 0), "empty").Tensors);
        Assert.Empty(SafetensorsFile.Read(SafetensorsBytes.Build("{\"__metadata__\":{}}      ", 0), "empty").Metadata);
    }

    [Fact]
    public void Names_the_file_and_the_tensor_that_is_not_there()
    {
        var file = SafetensorsFile.Read(SafetensorsBytes.Valid(), "some.safetensors");
        Assert.False(file.Contains("fc.weight"));
        var error = Assert.Throws<CheckpointException>(() => file["fc.weight"]);
        Assert.Equal("some.safetensors: has no tensor 'fc.weight'", error.Message);
        Assert.Equal("some.safetensors", error.File);
    }

    [Fact]
    public void Opens_a_file_from_disk()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("valid.safetensors");
        File.WriteAllBytes(path, SafetensorsBytes.Valid());
        Assert.Equal(4, SafetensorsFile.Open(path).Tensors.Count);
    }

    [Fact]
    public void Refuses_what_is_no_readable_file()
    {
        using var folder = new TemporaryFolder();
        string missing = folder.File("missing"), elsewhere = folder.File("none/missing"), empty = folder.File("empty");
        File.WriteAllBytes(empty, []);
        Assert.Equal($"{missing}: no such file", Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(missing)).Message);
        Assert.Equal($"{elsewhere}: no such file", Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(elsewhere)).Message);
        Assert.Contains("0 bytes", Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(empty)).Message, StringComparison.Ordinal);
        Assert.Equal(folder.Path, Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(folder.Path)).File);
        Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(""));
    }

    [Fact]
    public void Holds_the_bytes_of_a_file_once()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("large.safetensors");
        const int size = 8 << 20;
        var writer = new SafetensorsWriter();
        writer.Add("x", SafetensorsType.U8, [size], new byte[size]);
        writer.Save(path);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var file = SafetensorsFile.Open(path);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(size, file["x"].Count);
        Assert.True(allocated < size + size / 8, $"opening {size} bytes allocated {allocated}");
    }
}
