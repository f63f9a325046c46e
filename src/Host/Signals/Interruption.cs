using System.Runtime.InteropServices;

namespace ReSTE.Native.Host;

/// <summary>
/// SIGINT, SIGTERM and SIGHUP as a cancellation token: the step under way finishes and the run saves itself. A second SIGINT leaves at once.
/// </summary>
internal sealed class Interruption(Action<int>? leave = null) : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Action<int> _leave = leave ?? Environment.Exit;
    private int _exitCode;

    public CancellationToken Token => _source.Token;

    /// <summary>128 + the number of the first signal; 0 while none has come.</summary>
    public int ExitCode => Volatile.Read(ref _exitCode);

    /// <summary>What the first signal was, for messages.</summary>
    public string Name => ExitCode switch
    {
        Host.ExitCode.Terminated => "SIGTERM",
        Host.ExitCode.HungUp => "SIGHUP",
        _ => "SIGINT",
    };

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
        var isFirst = Interlocked.CompareExchange(ref _exitCode, code, 0) == 0;
        if (isFirst)
            _source.Cancel();
        else if (signal == PosixSignal.SIGINT)
            _leave(Host.ExitCode.Interrupted);
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }
}
