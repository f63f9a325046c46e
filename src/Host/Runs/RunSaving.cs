namespace ReSTE.Native.Host;

/// <summary>Writes the files that are replaced as a whole, and says what is lost where that fails, which is none of them.</summary>
internal sealed class RunSaving(RunFolder folder)
{
    /// <summary>Writes a checkpoint.</summary>
    public void Save(string path, Action<string> write)
    {
        Write(path, write);
        // What checks and a checkpoint leave, which is four times the parameters. Beside a data set of 186 MB the collector would let it
        // grow to 500 MB, and where memory is limited nobody has reckoned with that.
        GC.Collect();
    }

    /// <summary>Writes a smaller file.</summary>
    public void Write(string path, Action<string> write)
    {
        try
        {
            write(path);
        }
        catch (Exception problem) when (TextFile.IsUnwritable(problem))
        {
            throw Unsaved($"cannot save '{path}'", path, problem);
        }
    }

    /// <summary>The error for a user: what failed, why, and what is there.</summary>
    public HostException Unsaved(string what, string path, Exception problem)
    {
        var mend = TextFile.HasNoRoom(problem) ? "make room" : "make it writable";
        var hint = File.Exists(folder.Checkpoint) ? $"{folder.Checkpoint} is untouched; {mend} and add --resume"
            : File.Exists(folder.Best) ? $"{folder.Best} is the only file saved; {mend} and start again"
            : $"nothing had been saved yet; {mend} and start again";
        return new(ExitCode.Failure, $"{what}: {TextFile.Reason(path, problem)}", hint, problem);
    }
}
