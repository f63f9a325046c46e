using ReSTE.Native.Datasets;

namespace ReSTE.Native.Data.Archives;

/// <summary>An archive that is not compressed.</summary>
internal sealed class PlainFile(Stream file, long most, Func<string, Exception?, DatasetException> refuse) : ArchiveBytes(most, refuse)
{
    protected override int Fill(Span<byte> buffer) => file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
}
