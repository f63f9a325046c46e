using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>How a cell ended.</summary>
internal enum CellState
{
    /// <summary>Not begun, or stopped by a signal.</summary>
    Waiting,

    Done,

    Diverged,

    Failed,
}

/// <summary>A cell's end, with the reason where it has one.</summary>
internal sealed record CellEnd(SweepCell Cell, CellState State, string? Why = null);

/// <summary>Runs the cells of a sweep, some of them side by side. A cell that fails stops no other.</summary>
internal sealed class SweepRunner(Sweep sweep, IEngine engine, HostContext context, bool isQuiet)
{
    private readonly Lock _gate = new();
    private readonly Queue<SweepCell> _waiting = new(sweep.Cells);
    private readonly Dictionary<string, CellEnd> _ends = [];
    private int _workers;

    /// <summary>All cells' ends, in the order of the grid.</summary>
    public IReadOnlyList<CellEnd> Run()
    {
        _workers = sweep.Jobs;
        Task[] work = [.. Enumerable.Range(0, sweep.Jobs).Select(_ =>
            Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        Task.WhenAll(work).GetAwaiter().GetResult();
        return [.. sweep.Cells.Select(cell => _ends.GetValueOrDefault(cell.Name) ?? new(cell, CellState.Waiting))];
    }

    private void Work()
    {
        while (Next() is { } cell)
        {
            var end = Run(cell, out var problem);
            lock (_gate)
            {
                // What takes memory is the other cells: it waits for its turn among fewer.
                if (problem is DeviceMemoryException && _workers > 1)
                {
                    _workers--;
                    _waiting.Enqueue(cell);
                    Say($"{cell.Name} finds no memory beside the others and waits");
                    return;
                }
                _ends[cell.Name] = end;
                Say(Words(end));
            }
        }
    }

    private SweepCell? Next()
    {
        lock (_gate)
        {
            if (context.Interruption.ExitCode != 0 || !_waiting.TryDequeue(out var cell))
            {
                _workers--;
                return null;
            }
            if (!IsFinished(cell))
                Say($"{cell.Name}: {(File.Exists(cell.Checkpoint) ? "goes on" : "starts")}, followed in " +
                    $"{Path.Combine(cell.Folder, "logger.log")}");
            return cell;
        }
    }

    private CellEnd Run(SweepCell cell, out Exception? problem)
    {
        problem = null;
        try
        {
            var options = cell.Settings.Options;
            var threads = Math.Max(1, sweep.Device.Threads / sweep.Jobs);
            // A finished cell is resumed too, which trains nothing and refuses a checkpoint of another recipe or other data.
            var resume = File.Exists(cell.Checkpoint);
            var device = sweep.Device with { Threads = threads };
            options = options with { Resume = resume, Init = resume ? null : options.Init, Device = device };
            var settings = cell.Settings with { Options = options };
            var mute = context with { Out = TextWriter.Null, Error = TextWriter.Null, Terminal = null };
            var code = new TrainVerb(engine).Train(settings, mute);
            return new(cell, code == ExitCode.Done ? CellState.Done : CellState.Waiting);
        }
        catch (Exception trouble)
        {
            problem = trouble;
            var known = Trouble.Explain(trouble);
            var diverged = trouble is NonFiniteException || known.InnerException is NonFiniteException;
            return new(cell, diverged ? CellState.Diverged : CellState.Failed, known.Message);
        }
    }

    private static bool IsFinished(SweepCell cell) =>
        File.Exists(cell.Checkpoint) && CellNumbers.Read(cell) is { } numbers && numbers.Epochs.Count > 0;

    private static string Words(CellEnd end) => end.State switch
    {
        CellState.Done when CellNumbers.Read(end.Cell) is { } numbers =>
            $"{end.Cell.Name}: done, best {Numbers.Fixed(numbers.BestTop1, 2)} %, last {Numbers.Fixed(numbers.LastTop1, 2)} %",
        CellState.Done => $"{end.Cell.Name}: done",
        CellState.Waiting => $"{end.Cell.Name}: stopped",
        CellState.Diverged => $"{end.Cell.Name}: diverged: {end.Why}",
        _ => $"{end.Cell.Name}: failed: {end.Why}",
    };

    private void Say(string line)
    {
        if (!isQuiet)
            context.Out.WriteLine(line);
    }
}
