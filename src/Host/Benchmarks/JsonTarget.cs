namespace ReSTE.Native.Host;

/// <summary>The file that a flag names for a result; nothing where it is not given.</summary>
internal sealed class JsonTarget(string flag, string? path)
{
    /// <summary>Before the work that the result takes.</summary>
    public void RequireWritable()
    {
        if (path is not null)
            Save(() => TextFile.RequireWritable(path));
    }

    /// <summary>Whether there is a file; then it holds the text.</summary>
    public bool Write(string json)
    {
        if (path is not null)
            Save(() => TextFile.Replace(path, json + "\n"));
        return path is not null;
    }

    private void Save(Action write)
    {
        try
        {
            write();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new HostException(ExitCode.Failure, $"{flag}: cannot write '{path}'", TextFile.Reason(path!, problem), problem);
        }
    }
}
