using System.Buffers.Binary;
using ReSTE.Native.StateFiles;

namespace ReSTE.Native.Engine.Tests.StateFiles;

/// <summary>Archives whose numbers stand in fields of 64 bits.</summary>
public sealed class TorchZip64Tests
{
    [Fact]
    public void Numbers_in_zip64_fields_are_read()
    {
        byte[] file = ArchiveDamage.Zip64();
        Assert.Equal(3, StateFile.Read(file, "file").Entries.Count);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(file.Length - 22 - 20 - 56 + 48), long.MaxValue);
        Assert.Contains("central directory at byte 9223372036854775807", TorchDamageTests.Refused(file).Message, StringComparison.Ordinal);
    }

    // The field of 64 bits holds what one of 32 cannot say.
    [Fact]
    public void A_member_that_declares_100_GB_is_refused()
    {
        foreach (long length in new[] { 100_000_000_000, long.MaxValue, int.MaxValue })
        {
            string message = TorchDamageTests.Refused(ArchiveDamage.Zip64(length)).Message;
            Assert.Contains($"of {length} bytes at ", message, StringComparison.Ordinal);
            Assert.Contains("ends after the file: it is cut short", message, StringComparison.Ordinal);
        }
    }
}
