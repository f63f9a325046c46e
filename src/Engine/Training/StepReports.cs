using System.Diagnostics;
using System.Runtime.InteropServices;
using ReSTE.Native.Devices;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Training;

/// <summary>
/// Turns a pass's running sums into one report a step. The sums are copied in the order of the device's work and read once they have
/// arrived, so that following a run does not slow it down; a device may be as many steps ahead as the mailbox holds.
/// </summary>
internal sealed class StepReports(Device device, Tensor metrics) : IDisposable
{
    private readonly Mailbox _mailbox = device.NewMailbox(metrics);
    private readonly Queue<(int Images, int Cursor, double DataSeconds)> _steps = new();
    private readonly double[] _before = new double[3], _sums = new double[3];
    private long _reported;

    /// <summary>Starts after the images whose sums are given.</summary>
    public void Begin(ReadOnlySpan<double> sums)
    {
        // What a pass that failed left on its way.
        while (_mailbox.TryTake(MemoryMarshal.AsBytes(_sums.AsSpan()), wait: true))
        {
        }

        _steps.Clear();
        sums.CopyTo(_before);
        _reported = Stopwatch.GetTimestamp();
    }

    /// <summary>Notes a step that has been asked for, and reports those whose sums are there.</summary>
    public void Add(int images, int cursor, double dataSeconds, Pass pass, int epoch, IProgress<StepReport> progress)
    {
        _mailbox.Post();
        _steps.Enqueue((images, cursor, dataSeconds));
        while (Deliver(pass, epoch, progress, wait: _mailbox.IsFull))
        {
        }
    }

    /// <summary>Reports all that is still on its way.</summary>
    public void Finish(Pass pass, int epoch, IProgress<StepReport> progress)
    {
        while (Deliver(pass, epoch, progress, wait: true))
        {
        }
    }

    public void Dispose() => _mailbox.Dispose();

    private bool Deliver(Pass pass, int epoch, IProgress<StepReport> progress, bool wait)
    {
        if (!_mailbox.TryTake(MemoryMarshal.AsBytes(_sums.AsSpan()), wait))
            return false;
        var (images, cursor, dataSeconds) = _steps.Dequeue();
        long now = Stopwatch.GetTimestamp();
        PassResult batch = PassResult.Of(_sums[0] - _before[0], _sums[1] - _before[1], _sums[2] - _before[2], images);
        PassResult average = PassResult.Of(_sums[0], _sums[1], _sums[2], cursor);
        double seconds = Stopwatch.GetElapsedTime(_reported, now).TotalSeconds;
        _sums.CopyTo(_before, 0);
        _reported = now;
        progress.Report(new StepReport(
            pass.Phase, epoch, pass.StepsFor(cursor) - 1, pass.Steps, cursor, pass.Count, batch, average, seconds, dataSeconds));
        return true;
    }
}
