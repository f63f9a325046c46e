using System.Buffers.Binary;
using ReSTE.Native.Checkpoints;

namespace ReSTE.Native.Engine.Tests.Checkpoints;

/// <summary>Every kind of damage is refused with one line that names the file.</summary>
public sealed class SafetensorsDamageTests
{
    private const string FileName = "damaged.safetensors";

    [Theory]
    [InlineData("{", "not valid JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""", "not valid JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},}""", "not valid JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}x""", "not valid JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,],"data_offsets":[0,4]}}""", "not valid JSON")]
    [InlineData("""{/**/"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "not valid JSON")]
    [InlineData("""{"a":[[[[[[]]]]]]}""", "not an object")]
    [InlineData("""{"a":{"dtype":"F32","shape":[[[[1]]]],"data_offsets":[0,4]}}""", "shape")]
    [InlineData(""" {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "does not begin")]
    [InlineData("", "does not begin")]
    [InlineData("[]", "does not begin")]
    [InlineData("""{"a":1}""", "'a' is not an object")]
    [InlineData("""{"a":null}""", "'a' is not an object")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", "lacks")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,4]}}""", "lacks")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,4]}}""", "lacks")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4]}}""", "two data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}""", "more than 2 numbers")]
    [InlineData("""{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}""", "unknown dtype 'F31'")]
    [InlineData("""{"a":{"dtype":"Bool","shape":[4],"data_offsets":[0,4]}}""", "unknown dtype 'Bool'")]
    [InlineData("""{"a":{"dtype":4,"shape":[1],"data_offsets":[0,4]}}""", "not a string")]
    [InlineData("""{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}""", "no array")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}""", "whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", "whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-0,4]}}""", "whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,9223372036854775808]}}""", "whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,99999999999999999999999]}}""", "whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", "before it begins")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "8 bytes")]
    [InlineData("""{"a":{"dtype":"F64","shape":[],"data_offsets":[0,4]}}""", "8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387905,4],"data_offsets":[0,4]}}""", "larger than any file")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807],"data_offsets":[0,4]}}""", "larger than any file")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}}""", "larger than any file")]
    [InlineData("""{"a":{"dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]}}""", "ends after the file")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "ends after the file")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", "belong to none")]
    [InlineData("{}", "belong to none")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}""", "leaves a hole")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""",
        "leaves a hole")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""",
        "overlaps")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[0],"data_offsets":[2,2]}}""",
        "overlaps")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}""",
        "'a' appears twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0061":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}""",
        "'a' appears twice")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "two fields 'dtype'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}""", "two fields 'shape'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"order":"F"}}""", "unknown field 'order'")]
    [InlineData("""{"__metadata__":{"k":1},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "not a string")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "'k' twice")]
    [InlineData("""{"__metadata__":{},"__metadata__":{},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "appears twice")]
    [InlineData("""{"__metadata__":null,"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "not an object")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "surrogate")]
    public void A_header_that_breaks_a_rule_is_refused(string header, string says) => Refused(SafetensorsBytes.Build(header, 4), says);

    [Fact]
    public void Text_that_is_not_utf_8_is_refused() =>
        Refused(SafetensorsBytes.Build([.. """{"__metadata__":{"k":" """u8, 0xFF, .. "\"}}"u8], []), "UTF-8");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void A_file_shorter_than_its_prefix_is_refused(int length) => Refused(new byte[length], "too short");

    [Theory]
    [InlineData(100_000_001UL, "more than 100000000")]
    [InlineData(ulong.MaxValue, "more than 100000000")]
    [InlineData(1UL << 63, "more than 100000000")]
    [InlineData(100_000_000UL, "cut short")]
    [InlineData(1000UL, "cut short")]
    public void A_header_longer_than_the_file_or_the_format_allows_is_refused(ulong length, string says)
    {
        byte[] bytes = SafetensorsBytes.Valid();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refused(bytes, says);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000, "the length was believed before it was checked");
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        byte[] bytes = SafetensorsBytes.Valid();
        for (int length = 0; length < bytes.Length; length++)
            Refused(bytes[..length], "");
    }

    [Fact]
    public void A_byte_too_many_is_refused() => Refused([.. SafetensorsBytes.Valid(), 0], "1 bytes after the last tensor");

    [Fact]
    public void Ranks_and_metadata_without_end_are_refused()
    {
        string ones = string.Join(',', Enumerable.Repeat("1", 65));
        Refused(SafetensorsBytes.Build($$$"""{"a":{"dtype":"F32","shape":[{{{ones}}}],"data_offsets":[0,4]}}""", 4),
            "more than 64 numbers");
        string strings = string.Join(',', Enumerable.Range(0, 65_537).Select(i => $"\"{i}\":\"\""));
        Refused(SafetensorsBytes.Build("{\"__metadata__\":{" + strings + "}}", 0), "more than 65536 strings");
    }

    [Fact]
    public void A_hostile_name_cannot_break_the_line()
    {
        string name = @"\n\r\u001b[2J\u2028" + new string('x', 500);
        byte[] bytes = SafetensorsBytes.Build($$$"""{"{{{name}}}":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4);
        string message = Refused(bytes, "8 bytes");
        Assert.True(message.Length < 300, message);
    }

    [Fact]
    public void A_file_on_disk_is_named_by_its_path()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File(FileName);
        File.WriteAllBytes(path, SafetensorsBytes.Valid()[..100]);
        var error = Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(path));
        Assert.StartsWith($"{path}: ", error.Message, StringComparison.Ordinal);
    }

    private static string Refused(byte[] bytes, string says)
    {
        var error = Assert.Throws<CheckpointException>(() => SafetensorsFile.Read(bytes, FileName));
        Assert.StartsWith($"{FileName}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(error.Message, character => char.IsControl(character) || character == '\u2028');
        return error.Message;
    }
}
