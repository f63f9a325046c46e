using ReSTE.Native.Checkpoints;

namespace ReSTE.Native.Engine.Tests.Checkpoints;

public sealed class SafetensorsWriterTests
{
    [Fact]
    public void What_was_written_reads_back()
    {
        var file = SafetensorsFile.Read(SafetensorsBytes.Valid(), "valid");
        Assert.Equal([new("epoch", "7"), new("model", "resnet20_1w1a")], file.Metadata.ToArray());
        Assert.Equal(["conv1.weight", "empty", "steps", "mean"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([2L, 3L, 1L, 1L], file["conv1.weight"].Shape);
        Assert.Equal([0.5f, -1f, 2f, -0f, float.NaN, float.NegativeInfinity], file.ReadFloat32("conv1.weight"));
        Assert.True(float.IsNegative(file.ReadFloat32("conv1.weight")[3]));
        Assert.Equal([3L, 0L, 2L], file["empty"].Shape);
        Assert.Empty(file.ReadFloat32("empty"));
        Assert.Empty(file["steps"].Shape);
        Assert.Equal([long.MinValue], file.ReadInt64("steps"));
        Assert.Equal([Math.PI, -1e300], file.ReadFloat64("mean"));
    }

    [Fact]
    public void The_bytes_are_pinned()
    {
        var writer = new SafetensorsWriter();
        writer.AddMetadata("epoch", "30");
        writer.Add("w", [2], [1f, -2f]);
        writer.Add("n", [], [258L]);
        byte[] expected =
        [
            0x90, 0, 0, 0, 0, 0, 0, 0,
            .. """{"__metadata__":{"epoch":"30"}"""u8,
            .. ""","w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"n":{"dtype":"I64","shape":[],"data_offsets":[8,16]}"""u8,
            .. "}       "u8,
            0x00, 0x00, 0x80, 0x3F, 0x00, 0x00, 0x00, 0xC0,
            0x02, 0x01, 0, 0, 0, 0, 0, 0,
        ];
        Assert.Equal(expected, Bytes(writer));
        Assert.Equal(expected, Bytes(writer));
    }

    [Fact]
    public void Pads_every_header_to_eight_bytes()
    {
        for (int length = 1; length <= 16; length++)
        {
            var writer = new SafetensorsWriter();
            writer.Add(new string('n', length), [1], [1f]);
            byte[] bytes = Bytes(writer);
            Assert.Equal(0, (bytes.Length - 4) % 8);
            Assert.Equal([1f], SafetensorsFile.Read(bytes, "padded").ReadFloat32(new string('n', length)));
        }
    }

    [Fact]
    public void Keeps_awkward_names_and_strings()
    {
        string[] names = ["", " ", "a\"b\\c", "größe/☃/😀", "line\nbreak\0", new string('x', 1000), "dtype"];
        var writer = new SafetensorsWriter();
        foreach (string name in names)
        {
            writer.AddMetadata(name, name);
            writer.Add(name, [1], [(long)name.Length]);
        }

        var file = SafetensorsFile.Read(Bytes(writer), "awkward");
        Assert.Equal(names, file.Tensors.Select(tensor => tensor.Name));
        foreach (string name in names)
        {
            Assert.Equal(name, file.Metadata[name]);
            Assert.Equal([name.Length], file.ReadInt64(name));
        }
    }

    [Fact]
    public void An_empty_writer_gives_an_empty_file() =>
        Assert.Equal([8, 0, 0, 0, 0, 0, 0, 0, .. "{}      "u8], Bytes(new SafetensorsWriter()));

    [Fact]
    public void Refuses_what_no_file_can_say()
    {
        var writer = new SafetensorsWriter();
        writer.Add("taken", [1], [1f]);
        writer.AddMetadata("taken", "");
        Assert.Throws<ArgumentException>(() => writer.Add("taken", [1], [1f]));
        Assert.Throws<ArgumentException>(() => writer.AddMetadata("taken", ""));
        Assert.Throws<ArgumentException>(() => writer.Add("__metadata__", [1], [1f]));
        Assert.Throws<ArgumentException>(() => writer.Add("short", [2], [1f]));
        Assert.Throws<ArgumentException>(() => writer.Add("huge", [long.MaxValue, 2], [1f]));
        Assert.Throws<ArgumentException>(() => writer.Add("half \ud800", [1], [1f]));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Add("negative", [-1], [1f]));
        Assert.Single(SafetensorsFile.Read(Bytes(writer), "still good").Tensors);
    }

    [Fact]
    public void Save_replaces_the_file_as_a_whole()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model.safetensors");
        File.WriteAllText(path, "old");
        var writer = new SafetensorsWriter();
        writer.Add("w", [1], [1f]);
        writer.Save(path);
        Assert.Equal([1f], SafetensorsFile.Open(path).ReadFloat32("w"));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    private static byte[] Bytes(SafetensorsWriter writer)
    {
        using var stream = new MemoryStream();
        writer.WriteTo(stream);
        return stream.ToArray();
    }
}
