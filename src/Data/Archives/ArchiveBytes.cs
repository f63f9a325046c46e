using ReSTE.Native.Datasets;

namespace ReSTE.Native.Data.Archives;

/// <summary>An archive's bytes, read once and in order, and never more of them than <paramref name="most"/>.</summary>
/// <param name="most">Bytes after which reading stops with a refusal.</param>
/// <param name="refuse">Makes the error of what is wrong with the file.</param>
internal abstract class ArchiveBytes(long most, Func<string, Exception?, DatasetException> refuse) : IDisposable
{
    /// <summary>How many bytes came out so far.</summary>
    public long Offset { get; private set; }

    /// <summary>Fills the buffer and returns how much of it; less than the whole only where the file ends, which is intact then.</summary>
    public int Read(Span<byte> buffer)
    {
        int read = Fill(buffer);
        Offset += read;
        return Offset <= most ? read : throw refuse($"it holds more than {most} bytes, far more than it should", null);
    }

    public virtual void Dispose()
    {
    }

    protected abstract int Fill(Span<byte> buffer);
}
