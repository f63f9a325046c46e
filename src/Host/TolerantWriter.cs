using System.Text;

namespace ReSTE.Native.Host;

/// <summary>
/// A writer that gives up quietly: after the first failure it drops what comes, and the failure can be asked for. A full disk or a closed
/// pipe behind stdout must not end a training of days.
/// </summary>
internal sealed class TolerantWriter : TextWriter
{
    private readonly TextWriter _inner = Null;

    /// <param name="open">Finds the writer to write to.</param>
    public TolerantWriter(Func<TextWriter> open) : base(null)
    {
        try
        {
            _inner = open();
        }
        catch (Exception problem) when (IsExpected(problem))
        {
            Failure = problem;
        }
    }

    /// <summary>Why what was written did not arrive; null where it did.</summary>
    public Exception? Failure { get; private set; }

    public override Encoding Encoding => _inner.Encoding;

    public override void Write(char value) => Try(() => _inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => _inner.Write(buffer, index, count));

    public override void Write(string? value) => Try(() => _inner.Write(value));

    public override void WriteLine(string? value) => Try(() => _inner.WriteLine(value));

    public override void Flush() => Try(_inner.Flush);

    private static bool IsExpected(Exception problem) => problem is IOException or UnauthorizedAccessException or ObjectDisposedException;

    private void Try(Action write)
    {
        if (Failure is not null)
            return;
        try
        {
            write();
        }
        catch (Exception problem) when (IsExpected(problem))
        {
            Failure = problem;
        }
    }
}
