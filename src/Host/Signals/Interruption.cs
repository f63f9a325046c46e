using System.Runtime.InteropServices;

namespace ReSTE.Native.Host;

/// <summary>
/// SIGINT, SIGTERM and SIGHUP as a cancellation token: the step under way finishes and the run saves itself. A second signal, whichever it
/// is, leaves at once.
/// </summary>
internal sealed class Interruption(Action<int>? leave = null, TimeProvider? clock = null) : IDisposable
{
    // Nobody asks twice so soon. But one request often comes as two signals: `timeout` sends its own to the process and to the process's
    // group, and a terminal that closes and its shell send one each. A second Ctrl-C is always somebody's own.
    private static readonly TimeSpan s_echo = TimeSpan.FromMilliseconds(250);

    private const long None = long.MinValue;

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Action<int> _leave = leave ?? Environment.Exit;
    private int _exitCode;
    private long _first = None;

    /// <summary>Told the name of the signal that ends the process at once, before it does. It is not waited for long.</summary>
    public Action<string>? Leaving { get; set; }

    public CancellationToken Token => _source.Token;

    /// <summary>128 + the number of the first signal; 0 while none has come.</summary>
    public int ExitCode => Volatile.Read(ref _exitCode);

    /// <summary>What the first signal was, for messages.</summary>
    public string Name => NameOf(ExitCode);

    public void Listen()
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            // Under nohup the run outlives its terminal.
            if (signal == PosixSignal.SIGHUP && IgnoredSignals.HangUp())
                continue;
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                Raise(context.Signal);
            }));
        }
    }

    /// <summary>What happens when a signal arrives.</summary>
    public void Raise(PosixSignal signal)
    {
        var code = signal switch
        {
            PosixSignal.SIGTERM => Host.ExitCode.Terminated,
            PosixSignal.SIGHUP => Host.ExitCode.HungUp,
            _ => Host.ExitCode.Interrupted,
        };
        var first = Interlocked.CompareExchange(ref _first, _clock.GetTimestamp(), None);
        if (first == None)
        {
            Volatile.Write(ref _exitCode, code);
            _source.Cancel();
        }
        else if (signal == PosixSignal.SIGINT || _clock.GetElapsedTime(first) >= s_echo)
        {
            SayFarewell(NameOf(code));
            _leave(code);
        }
    }

    private static string NameOf(int code) => code switch
    {
        Host.ExitCode.Terminated => "SIGTERM",
        Host.ExitCode.HungUp => "SIGHUP",
        _ => "SIGINT",
    };

    /// <summary>A terminal that takes no more words must not keep the process.</summary>
    private void SayFarewell(string signal)
    {
        if (Leaving is { } leaving)
            Task.Run(() => leaving(signal)).Wait(s_echo);
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }
}
