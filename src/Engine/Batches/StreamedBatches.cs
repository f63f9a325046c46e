using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;

namespace ReSTE.Native.Batches;

/// <summary>
/// A data set too large for a device's memory: the batches of the step under way and of the next one lie there, read by a number of
/// threads ahead of the steps and copied beside them. What a batch holds does not depend on the number of threads.
/// </summary>
internal sealed class StreamedBatches : BatchSource
{
    private const int Slots = 2, PixelRing = 0, LabelRing = 1;
    private readonly Device _device;
    private readonly Dataset _source;
    private readonly int _batch, _workers;
    private readonly bool _augments;
    private readonly object _gate = new();
    private readonly int[] _missing = new int[Slots];
    private readonly List<Task> _readers = [];
    private Staging? _staging;
    private int[] _order = [];
    private int _first, _step, _next, _allowed, _epoch;
    private ulong _seed;
    private bool _stopping;
    private ExceptionDispatchInfo? _failure;

    /// <param name="device">Whose memory the batches go to.</param>
    /// <param name="slab">Where in it.</param>
    /// <param name="source">The images; they are read anew in every pass.</param>
    /// <param name="preprocessing">How bytes become inputs.</param>
    /// <param name="batch">Images a step.</param>
    /// <param name="workers">Threads that read images, at least one.</param>
    /// <param name="augments">Whether images are read as they are drawn for training.</param>
    public StreamedBatches(Device device, Slab slab, Dataset source, Preprocessing preprocessing, int batch, int workers, bool augments)
        : base(device, slab, Of(source), preprocessing, checked(Slots * batch), ring: true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(workers);
        (_device, _source, _batch, _workers, _augments) = (device, source, batch, workers, augments);
    }

    /// <inheritdoc/>
    public override void Upload()
    {
        base.Upload();
        _staging = _device.NewStaging([Store.Pixels, Store.Labels], Slots);
    }

    /// <summary>Starts a pass at an image that begins a step, and the threads that read ahead.</summary>
    public override void Begin(int[] order, int cursor, int epoch, ulong seed)
    {
        if (cursor % _batch != 0 && cursor != Count)
            throw new ArgumentException($"{Name}: a pass starts between steps of {_batch} images, not at image {cursor}");
        Stop();
        base.Begin(order, cursor, epoch, seed);
        (_order, _epoch, _seed, _stopping, _failure) = (order, epoch, seed, false, null);
        _first = _step = cursor / _batch;
        (_next, _allowed) = (cursor, cursor);
        for (int slot = 0; slot < Slots; slot++)
            Allow();
        // On threads of their own, whatever the caller runs on: one of the caller's may be waiting for them.
        for (int i = Math.Min(_workers, Math.Max(1, Count - cursor)); i > 0; i--)
            _readers.Add(Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
    }

    /// <inheritdoc/>
    public override void Next()
    {
        // What the step before was read from may be filled anew: its bytes have gone to the device, or the step is done with them.
        if (_step > _first)
        {
            _staging!.AwaitRoom((_step - 1) % Slots);
            Allow();
        }
        long asked = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            while (_missing[_step % Slots] > 0 && _failure == null)
                Monitor.Wait(_gate);
        }
        Waited = Stopwatch.GetElapsedTime(asked).TotalSeconds;
        _failure?.Throw();
        _staging!.Send(_step % Slots);
    }

    /// <inheritdoc/>
    public override void Taken() => _staging!.Release(_step++ % Slots);

    /// <inheritdoc/>
    public override void Dispose()
    {
        Stop();
        _staging?.Dispose();
    }

    /// <summary>Lets the readers fill the next slot: one more batch.</summary>
    private void Allow()
    {
        lock (_gate)
        {
            int images = Math.Clamp(Count - _allowed, 0, _batch);
            _missing[_allowed / _batch % Slots] = images;
            _allowed += _batch;
            Monitor.PulseAll(_gate);
        }
    }

    private void Stop()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }
        Task.WaitAll([.. _readers]);
        _readers.Clear();
    }

    /// <summary>Reads images until the pass has no more, or is stopped.</summary>
    private void Read()
    {
        try
        {
            while (TakeNext() is var at && at >= 0)
                ReadOne(at);
        }
        catch (Exception problem)
        {
            lock (_gate)
            {
                _failure ??= ExceptionDispatchInfo.Capture(problem);
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>The next place in the order to read, once its slot may be filled; -1 where there is none.</summary>
    private int TakeNext()
    {
        lock (_gate)
        {
            while (_next >= _allowed && _next < Count && !_stopping && _failure == null)
                Monitor.Wait(_gate);
            return _next < Count && !_stopping && _failure == null ? _next++ : -1;
        }
    }

    private void ReadOne(int at)
    {
        int slot = at / _batch % Slots, place = at % _batch, bytes = Shape.Bytes;
        Span<byte> pixels = _staging!.Room(PixelRing, slot).Slice(place * bytes, bytes);
        int number = _order[at];
        int label = _augments ? _source.ReadAugmented(number, _seed, _epoch, pixels) : _source.Read(number, pixels);
        CheckLabel(_source, number, label);
        MemoryMarshal.Cast<byte, int>(_staging.Room(LabelRing, slot))[place] = label;
        lock (_gate)
        {
            if (--_missing[slot] == 0)
                Monitor.PulseAll(_gate);
        }
    }
}
