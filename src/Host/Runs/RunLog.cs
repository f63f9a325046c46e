using System.Globalization;
using System.Text;

namespace ReSTE.Native.Host;

/// <summary>logger.log in the published form. Each message is flushed before the next.</summary>
internal sealed class RunLog : IDisposable
{
    private readonly StreamWriter _writer;
    private readonly Lock _gate = new();

    /// <param name="path">The file.</param>
    /// <param name="append">Whether to keep what it holds.</param>
    public RunLog(string path, bool append)
    {
        var stream = new FileStream(path, append ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        _writer = new(stream, new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };
    }

    public void Info(string message) => Write("INFO", message);

    public void Error(string message) => Write("ERROR", message);

    public void Dispose()
    {
        try
        {
            _writer.Dispose();
        }
        catch (IOException)
        {
            // Every message was flushed when it was written; what fails here has failed before and been reported.
        }
    }

    private void Write(string level, string message)
    {
        var time = DateTime.Now.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        lock (_gate)
            _writer.WriteLine($"{time} - {level} - {message}");
    }
}
