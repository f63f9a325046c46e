using System.Diagnostics;

namespace ReSTE.Native.Host;

/// <summary>
/// The report.html of a run that goes on. Making it takes longer the more epochs there are: it is left as it is for the time that makes the
/// cost less than a hundredth.
/// </summary>
internal sealed class RunReport(string folder)
{
    // Time to pass after a page, in times that it took.
    private const int Rest = 200;

    private TimeSpan _cost;
    private long _made;
    private bool _isCompiled;

    /// <summary>After an epoch: writes it, unless it has just been written.</summary>
    public void Refresh(string path)
    {
        if (Stopwatch.GetElapsedTime(_made) < Rest * _cost)
            return;
        var start = Stopwatch.GetTimestamp();
        Write(path, RunState.Running);
        _made = Stopwatch.GetTimestamp();
        // The first one takes many times as long as those to come, for its code is compiled meanwhile.
        _cost = _isCompiled ? Stopwatch.GetElapsedTime(start, _made) : TimeSpan.Zero;
        _isCompiled = true;
    }

    public void Write(string path, RunState state) => TextFile.Replace(path,
        new RunPage(new RunReader(folder, isStrict: false).Read() with { State = state }, DateTime.Now).Text());
}
